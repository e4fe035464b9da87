import { inEveryView, violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';

test('SignIn_OffersTheServersWays_AndLeadsBack', async ({ page, standIn }) => {
  standIn.world.accounts.signIn();
  await page.goto(`${standIn.url}/sign-in?returnTo=%2Fprojects%2Fshop`);
  await expect(page.getByRole('link', { name: 'Continue with Google' })).toHaveAttribute(
    'href',
    '/sign-in/start/google?returnTo=%2Fprojects%2Fshop',
  );
  await expect(page.getByRole('navigation')).toHaveCount(0);
  expect(await inEveryView(page)).toEqual([]);
  await page.goto(`${standIn.url}/sign-in?returnTo=https%3A%2F%2Fevil.example`);
  await expect(page.getByRole('link', { name: 'Continue with GitHub' })).toHaveAttribute('href', '/sign-in/start/github?returnTo=%2F');
});

test('SignIn_ByAddress_LeadsToTheOrganisationsOwn_OrSaysThatThereIsNone', async ({ page, standIn }) => {
  standIn.world.accounts.signIn();
  await page.goto(`${standIn.url}/sign-in?returnTo=%2Fruns`);
  await page.getByRole('textbox', { name: 'E-mail address at work' }).fill('dora@elsewhere.example');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toContainText('No organisation has set up its own sign-in');
  await page.getByRole('textbox', { name: 'E-mail address at work' }).fill('dora@acme.example');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/sign-in\/start\/acme0oidc000\?returnTo=%2Fruns/);
});

test('SignIn_Ended_SaysWhatHappenedAndWhatToDo_AlsoForACodeItDoesNotKnow', async ({ page, standIn }) => {
  standIn.world.accounts.signIn();
  await page.goto(`${standIn.url}/sign-in?error=signin.provider-down`);
  await expect(page.getByRole('alert')).toContainText('The sign-in provider does not answer.');
  await expect(page.getByRole('alert')).toContainText('Try again in a few minutes');
  expect(await inEveryView(page)).toEqual([]);
  await page.goto(`${standIn.url}/sign-in?error=signin.from-the-future`);
  await expect(page.getByRole('alert')).toContainText('You were not signed in.');
});

test('SignIn_InDevelopment_HasNothingToSignInTo', async ({ page, standIn }) => {
  await page.goto(`${standIn.url}/sign-in`);
  await page.getByRole('link', { name: 'Go on' }).click();
  await expect(page.getByRole('heading', { name: 'Now' })).toBeVisible();
});

test('Connection_TestedAddedAndRemoved', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/sign-in`, 'Single sign-on');
  await page.getByRole('button', { name: 'Test Acme' }).click();
  const found = page.getByRole('status', { name: 'What the test found' });
  await expect(found).toContainText('Discovery works');
  await expect(found).toContainText('Next: See that this server reaches');
  expect(await inEveryView(page)).toEqual([]);
  await page.setViewportSize({ width: 1360, height: 900 });

  await page.getByRole('button', { name: 'Add a domain to Acme' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Domain' }).fill('acme.test');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('ours since 1999');
  await dialog.getByRole('button', { name: 'State it' }).click();
  await expect(page.getByText('acme.test', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Let acme.example go' }).click();
  await expect(page.getByText('acme.example', { exact: true })).toHaveCount(0);

  await page.getByRole('button', { name: 'Add a connection' }).click();
  await dialog.getByText('SAML 2.0').click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Globex');
  await expect(dialog.getByRole('button', { name: 'Add' })).toBeDisabled();
  await dialog.getByRole('textbox', { name: /metadata/ }).fill('https://sso.globex.example/metadata');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByRole('heading', { name: 'Globex SAML 2.0' })).toBeVisible();
  expect(standIn.world.commands.at(-1)).toMatchObject({
    body: { kind: 'saml', name: 'Globex', metadataUrl: 'https://sso.globex.example/metadata', signed: 'both' },
  });
  expect(standIn.world.commands.at(-1)!.body).not.toHaveProperty('clientSecret');

  await page.getByRole('button', { name: 'Connect the directory of Acme' }).click();
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await expect(page.getByText(/^psd_9+$/)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Remove Globex' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('heading', { name: /Globex/ })).toHaveCount(0);
});

test('Connection_Edited_GroupsMapped_DirectoryConnectedAndDisconnected', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/sign-in`, 'Single sign-on');
  const card = page.getByRole('region', { name: 'Acme' });
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Change the roles by group of Acme' }).click();
  const save = dialog.getByRole('button', { name: 'Save' });
  await expect(save).toBeDisabled();
  await dialog.getByRole('button', { name: 'Add a group' }).click();
  await dialog.getByRole('textbox', { name: 'Group 1', exact: true }).fill('engineering');
  await dialog.getByRole('combobox', { name: 'Role of group 1' }).click();
  await page.getByRole('option', { name: 'Planner' }).click();
  await dialog.getByRole('button', { name: 'Add a group' }).click();
  await expect(save).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Group 2', exact: true }).fill('everybody');
  expect(await violations(page)).toEqual([]);
  await save.click();
  await expect(card.getByRole('list', { name: 'Roles by group' }).getByRole('listitem')).toHaveText([
    'engineering → Planner',
    'everybody → Viewer',
  ]);
  await expect(card).toContainText('becomes what their groups say');
  expect(standIn.world.commands.at(-1)).toMatchObject({
    path: 'connections/acme0oidc000/settings',
    ifMatch: '"1.seen"',
    body: { name: 'Acme', issuer: 'https://login.acme.example', clientId: 'prodsprint', justInTime: true, defaultRoles: ['viewer'] },
  });
  expect(standIn.world.commands.at(-1)!.body).not.toHaveProperty('clientSecret');

  await page.getByRole('button', { name: 'Edit Acme' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Acme Ltd');
  await dialog.getByRole('textbox', { name: 'Scopes' }).fill('email  groups');
  await dialog.getByRole('switch', { name: /^Whoever the provider vouches for/ }).uncheck();
  expect(await violations(page)).toEqual([]);
  await save.click();
  await expect(page.getByRole('heading', { name: /^Acme Ltd OpenID/ })).toBeVisible();
  expect(standIn.world.commands.at(-1)).toMatchObject({
    ifMatch: '"2.seen"',
    body: { name: 'Acme Ltd', scopes: ['email', 'groups'], justInTime: false, groupRoles: [{ group: 'engineering', role: 'planner' }, {}] },
  });

  await page.getByRole('button', { name: 'Connect the directory of Acme Ltd' }).click();
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await expect(page.getByText(/^psd_9+$/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('https://ship.example.com/scim/v2', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Disconnect the directory of Acme Ltd' }).click();
  await dialog.getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByText('not connected')).toBeVisible();
});

test('SecondFactor_AskedOfEverybody_ThenNoLonger', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/sign-in`, 'Second factor');
  const card = page.getByRole('region', { name: 'Second factor' });
  const dialog = page.getByRole('dialog');
  for (const [opens, confirms, shows] of [
    ['Ask everybody for one', 'Ask for it', 'Asked of everybody'],
    ['No longer ask', 'No longer ask', 'Own choice'],
  ] as const) {
    await card.getByRole('button', { name: opens }).click();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('as we agreed');
    await dialog.getByRole('button', { name: confirms }).click();
    await expect(card).toContainText(shows);
  }
  expect(standIn.world.commands.map((c) => c.body.secondFactor)).toEqual([true, false]);
});
