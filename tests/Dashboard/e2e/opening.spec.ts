import { expect, test } from './fixtures.ts';

test('Project_WhileItsChunkIsOnItsWay_IsAskedFor', async ({ page, standIn }) => {
  const asked = page.waitForRequest((request) => new URL(request.url()).pathname === '/v1/projects/shop');
  // The chunk comes when the question has gone out: were it the other way round, neither would come.
  await page.route(/\/ProjectPage-.*\.js$/, async (route) => {
    await asked;
    await route.continue();
  });
  await page.goto(`${standIn.url}/projects/shop`);
  await expect(page.getByRole('heading', { name: 'v1.9.0' })).toBeVisible();
});
