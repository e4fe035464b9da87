import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';

test('Empty_EveryScreenSaysTheNextStep', async ({ page, standIn }) => {
  standIn.world.projects.clear();
  standIn.world.releases.clear();
  standIn.world.plans.clear();
  standIn.world.jobs.length = 0;
  for (const [path, text] of [
    ['/', 'prodsprint demo'],
    ['/projects', 'prodsprint import PATH-OR-GIT-URL'],
    ['/runs', 'prodsprint release --project PROJECT --watch'],
    ['/decisions', 'Nothing waits for you'],
    ['/administration/jobs', 'No jobs here'],
  ] as const) {
    await settled(page, standIn.url + path);
    await expect(page.getByText(text)).toBeVisible();
  }
});

test('Unknown_ProjectAndPage_AreSaidPlainly', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/nothing-here`);
  await expect(page.getByRole('alert').first()).toContainText('There is no project nothing-here');
  await expect(page.getByRole('alert').first()).toContainText('Next: prodsprint status');
  await settled(page, `${standIn.url}/no/such/page`);
  await expect(page.getByText('There is no such page')).toBeVisible();
});

test('Start_WithoutAServer_ComesToLifeByItself', async ({ page, standIn }) => {
  await page.route('**/v1/**', (route) => route.abort());
  await page.route('**/hubs/**', (route) => route.abort());
  await page.goto(`${standIn.url}/projects`);
  await expect(page.getByTestId('stale')).toContainText('The server does not answer.');
  await expect(page.getByRole('alert').first()).toContainText('The server cannot be reached');
  await page.unrouteAll();
  await expect(page.getByRole('link', { name: 'shop', exact: true })).toBeVisible();
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
});

test('ColourScheme_ChosenDark_StaysAfterReload_WithoutAFlash', async ({ page, standIn }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await settled(page, standIn.url, 'Now');
  await page.getByRole('button', { name: /^Colours: as the system/ }).click();
  await page.getByRole('button', { name: /^Colours: light/ }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.reload({ waitUntil: 'commit' });
  await page.waitForFunction(() => document.body !== null);
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
});

test('Markup_FromTheServer_IsShownAsText', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  standIn.world.say('shop', { text: '<img src=x onerror="document.title=1">', reason: '<b>bold</b>' });
  await expect(page.getByText('<img src=x onerror="document.title=1">')).toBeVisible();
  await expect(page).toHaveTitle('shop · ProdSprint');
});
