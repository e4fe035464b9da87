import { inEveryView, violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { pages } from './pages.ts';
import { settled } from './settled.ts';

for (const { name, path, shows } of pages) {
  test(`Axe_${name}_FindsNothing`, async ({ page, standIn }) => {
    await settled(page, standIn.url + path, shows);
    expect(await inEveryView(page)).toEqual([]);
  });
}

const dialogs: [string, string][] = [
  ['/projects/shop', 'Abort'],
  ['/projects/shop/settings', 'Add a freeze window'],
  ['/projects/shop', 'Roll back'],
  ['/projects/shop', 'New release'],
  ['/projects/newsletter/plan', 'Approve plan 1'],
  ['/projects', 'Import a repository'],
];
for (const [path, button] of dialogs) {
  test(`Axe_Dialog_${button}_FindsNothing`, async ({ page, standIn }) => {
    await settled(page, standIn.url + path);
    await page.getByRole('button', { name: button, exact: true }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await inEveryView(page)).toEqual([]);
  });
}

test('Axe_PersonMenu_FindsNothing', async ({ page, standIn }) => {
  await settled(page, standIn.url, 'Now');
  await page.getByRole('button', { name: /Change person$/ }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('Axe_Stale_FindsNothing', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  await standIn.down();
  await expect(page.getByTestId('stale')).toBeVisible();
  expect(await inEveryView(page)).toEqual([]);
});
