import { inEveryView, violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { Refused } from '../stand-in/refused.ts';
import { settled } from './settled.ts';

test('AccessTokenRunsOut_IsRenewedOnce_AndNobodyNotices', async ({ page, standIn, context }) => {
  await context.addCookies(standIn.world.accounts.signIn().map((c) => ({ ...c, url: standIn.url })));
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  await expect(page.getByRole('button', { name: 'ana. Your account' })).toBeVisible();
  standIn.world.accounts.fresh = false;
  await page.getByRole('link', { name: 'Decisions' }).click();
  await page.getByRole('link', { name: 'Runs' }).click();
  await expect(page.getByRole('heading', { name: 'Under way' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Decisions' })).toBeVisible();
  expect(standIn.world.accounts.refreshes).toBe(1);
});

test('SessionOver_LeadsToTheSignIn_AndBack', async ({ page, standIn, context }) => {
  await context.addCookies(standIn.world.accounts.signIn().map((c) => ({ ...c, url: standIn.url })));
  await settled(page, `${standIn.url}/projects/shop/settings`, 'Variables');
  standIn.world.accounts.alive = false;
  await page.getByRole('link', { name: 'Timeline' }).click();
  await expect(page).toHaveURL(/\/sign-in\?returnTo=%2Fprojects%2Fshop%2Ftimeline/);
});

test('Sessions_OneEnded_ThenAllOthers', async ({ page, standIn, context }) => {
  await context.addCookies(standIn.world.accounts.signIn().map((c) => ({ ...c, url: standIn.url })));
  await settled(page, `${standIn.url}/account`, 'Where you are signed in');
  expect(await violations(page)).toEqual([]);
  await expect(page.getByRole('row')).toHaveText([/Device/, /Chrome on Linux This one/, /Safari on iOS/, /Command line/]);
  await page.getByRole('button', { name: 'End the session of Command line' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
  await expect(page.getByRole('row')).toHaveCount(3);
  await page.getByRole('button', { name: 'End all others' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End them' }).click();
  await expect(page.getByRole('row')).toHaveCount(2);
  await expect(page.getByRole('button', { name: 'End all others' })).toHaveCount(0);
});

test('Logins_AnotherLinked_OneUnlinkedAfterProof_TheLastStays', async ({ page, standIn, context }) => {
  await context.addCookies(standIn.world.accounts.signIn().map((c) => ({ ...c, url: standIn.url })));
  standIn.world.accounts.proven = false;
  await settled(page, `${standIn.url}/account/logins`, 'What opens your account');
  await expect(page.getByRole('row')).toHaveText([/Where/, /Google.*ana@acme.example/, /GitHub.*ana@users.example/]);
  expect(await inEveryView(page)).toEqual([]);
  await page.setViewportSize({ width: 1360, height: 900 });
  await page.getByRole('button', { name: 'Unlink ana@users.example of GitHub' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Unlink' }).click();
  await dialog.getByRole('textbox', { name: /^Code of your authenticator/ }).fill('123456');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('row')).toHaveText([/Where/, /Google.*the last one stays/]);
  await page.getByRole('button', { name: 'Link another login' }).click();
  await dialog.getByRole('combobox', { name: 'Where' }).click();
  await page.getByRole('option', { name: 'GitHub' }).click();
  await dialog.getByRole('button', { name: 'Sign in at GitHub' }).click();
  await expect(page).toHaveURL(/\/sign-in\/start\/github\?link=1/);
});

test('SignOut_LeavesNothingBehind', async ({ page, standIn, context }) => {
  await context.addCookies(standIn.world.accounts.signIn().map((c) => ({ ...c, url: standIn.url })));
  await settled(page, standIn.url, 'Now');
  await page.getByRole('button', { name: 'ana. Your account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  expect(standIn.world.accounts.alive).toBe(false);
  expect(await page.evaluate(() => [document.cookie, localStorage.getItem('prodsprint-outbox') ?? '[]'])).toEqual(['', '[]']);
});

test('Token_Made_IsShownOnce_ThenRevoked', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/account/tokens`, 'Your tokens');
  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog', { name: 'New token' });
  const make = dialog.getByRole('button', { name: 'Make the token' });
  await dialog.getByRole('textbox', { name: 'What it is for' }).fill('weekly digest');
  await expect(make).toBeDisabled();
  await expect(dialog.getByRole('checkbox', { name: /own sessions/ })).toHaveCount(0);
  await dialog.getByRole('checkbox', { name: /^See projects/ }).check();
  await dialog.getByText('90 days').click();
  expect(await violations(page)).toEqual([]);
  await make.click();
  const shown = page.getByRole('dialog', { name: 'The token' });
  await expect(shown.locator('code').first()).toHaveText(/^psp_\d{40}$/);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(shown).toHaveCount(0);
  expect(standIn.world.commands[0]).toMatchObject({
    path: 'tokens',
    body: { name: 'weekly digest', permissions: ['projects.read'], days: 90 },
  });
  await page.getByRole('button', { name: 'Revoke weekly digest' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('weekly digest')).toHaveCount(0);
});

test('Tokens_OfServices_AreNotShownToWhoMayNotSeeThem', async ({ page, standIn }) => {
  await page.addInitScript(() => localStorage.setItem('prodsprint-user', 'cleo'));
  await settled(page, `${standIn.url}/account/tokens`, 'Your tokens');
  await expect(page.getByRole('heading', { name: 'Tokens of services' })).toHaveCount(0);
});

test('Device_CodeEntered_IsLetIn', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/device`, 'Let a program in');
  await page.getByRole('textbox', { name: 'Code' }).fill('wdjb-mjht');
  await page.keyboard.press('Enter');
  await expect(page.getByText('prodsprint on laptop wants to act as you.')).toBeVisible();
  await expect(page.getByText('192.0.2.17')).toBeVisible();
  await page.getByRole('button', { name: 'Let it in' }).click();
  await expect(page.getByText('prodsprint on laptop is let in')).toBeVisible();
  expect(standIn.world.tokens.answered).toEqual(['WDJB-MJHT approve']);
  await settled(page, `${standIn.url}/device?code=NONE-NONE`, 'Let a program in');
  await expect(page.getByRole('alert')).toContainText('There is no program behind this code');
});

test('SecondFactorAskedByTheWorkspace_LeadsToIt_AndBack', async ({ page, standIn, context }) => {
  await context.addCookies(standIn.world.accounts.signIn().map((c) => ({ ...c, url: standIn.url })));
  const asks = {
    pattern: /^projects/,
    answer: new Refused(403, 'It asks for one', 'Nobody comes in without one.', 'Set one up', 'workspace.second-factor'),
  };
  standIn.world.refusals.push(asks);
  await page.goto(`${standIn.url}/projects/shop/timeline`);
  const card = page.getByRole('region', { name: 'default asks for a second factor' });
  await card.getByRole('textbox', { name: /^Code of your authenticator/ }).fill('123456');
  standIn.world.refusals.splice(0);
  await card.getByRole('button', { name: 'Confirm' }).click();
  await card.getByRole('button', { name: 'Go on' }).click();
  await expect(page).toHaveURL(/\/projects\/shop\/timeline$/);
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();
});
