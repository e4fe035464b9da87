import { expect, test, type Page } from '@playwright/test';
import { comeIn } from './comeIn.ts';
import { OidcProvider } from './OidcProvider.ts';
import { RealServer } from './RealServer.ts';

/** From the sign-in page by an address at work, which leads to the provider. */
async function continueBy(page: Page, url: string, who: string) {
  await page.goto(`${url}/sign-in`);
  await page.getByRole('textbox', { name: 'E-mail address at work' }).fill(`${who}@corp.example`);
  await page.getByRole('button', { name: 'Continue with your organisation' }).click();
}

test('Connection_RealServer_SetUpAtARealProvider_Tested_AndASecondPersonArrivesAsWhatTheirGroupIs', async ({ browser }) => {
  test.setTimeout(180_000);
  const server = new RealServer({ Identity__Mode: 'accounts' });
  const provider = new OidcProvider();
  const window = async () => (await browser.newContext({ viewport: { width: 1360, height: 900 } })).newPage();
  try {
    await Promise.all([server.start(), provider.start()]);
    const ana = await window();
    const dialog = ana.getByRole('dialog');
    await ana.goto(`${server.url}/administration/members`);
    const made = JSON.parse(await server.cli('accounts', 'enrol', 'ana', '--admin', '--json')) as { data: { code: string } };
    await comeIn(ana, made.data.code);
    await ana.getByRole('button', { name: 'Make ana the first Admin' }).click();
    await dialog.getByRole('button', { name: 'Add' }).click();
    await expect(ana.getByRole('row', { name: /ana.*Admin/ })).toBeVisible();

    // The provider does not know us yet, and has to be told an address that only exists when the connection does.
    await ana.goto(`${server.url}/administration/sign-in`);
    await ana.getByRole('button', { name: 'Add a connection' }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Corp');
    await dialog.getByRole('textbox', { name: 'Issuer' }).fill(`${provider.issuer}/elsewhere`);
    await dialog.getByRole('textbox', { name: 'Client id' }).fill('not known yet');
    await dialog.getByLabel('Client secret').fill('not known yet');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    const card = ana.getByRole('region', { name: 'Corp' });
    const found = card.getByRole('status', { name: 'What the test found' });
    const step = (name: string) => found.getByRole('listitem').filter({ hasText: name });
    const tryIt = () => ana.getByRole('button', { name: 'Test Corp' }).click();
    const edit = async (fill: () => Promise<void>) => {
      await ana.getByRole('button', { name: 'Edit Corp' }).click();
      await fill();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await expect(dialog).toHaveCount(0);
      // What was found of other settings is not there any more.
      await expect(found).toHaveCount(0);
    };

    await tryIt();
    await expect(step('Discovery fails')).toContainText('Next:');
    const redirect = (await card.locator('code', { hasText: '/sign-in/callback/' }).textContent())!;
    const client = await provider.register(redirect);
    await edit(async () => {
      await dialog.getByRole('textbox', { name: 'Issuer' }).fill(provider.issuer);
      await dialog.getByRole('textbox', { name: 'Client id' }).fill(client.client_id);
      await dialog.getByRole('textbox', { name: 'Scopes' }).fill('email profile groups');
    });
    await tryIt();
    await expect(step('Keys works')).toBeVisible();
    await expect(step('Client fails')).toContainText('Next: Copy both anew');
    await ana.getByRole('button', { name: 'Add a domain to Corp' }).click();
    await dialog.getByRole('textbox', { name: 'Domain' }).fill('corp.example');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('ours');
    await dialog.getByRole('button', { name: 'State it' }).click();
    await expect(card.getByText('corp.example', { exact: true })).toBeVisible();

    const mia = await window();
    await continueBy(mia, server.url, 'mia');
    await mia.getByRole('textbox', { name: 'Who are you?' }).fill('mia');
    await mia.keyboard.press('Enter');
    await expect(mia.getByRole('alert')).toContainText('The provider refused the sign-in.');
    await expect(mia.getByRole('alert')).toContainText('compare client id, secret and redirect address');

    await edit(() => dialog.getByLabel('Client secret').fill(client.client_secret));
    await ana.getByRole('button', { name: 'Change the roles by group of Corp' }).click();
    await dialog.getByRole('button', { name: 'Add a group' }).click();
    await dialog.getByRole('textbox', { name: 'Group 1', exact: true }).fill('release-managers');
    await dialog.getByRole('combobox', { name: 'Role of group 1' }).click();
    await ana.getByRole('option', { name: 'Planner' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(card.getByRole('list', { name: 'Roles by group' }).getByRole('listitem')).toHaveText(['release-managers → Planner']);
    await tryIt();
    await expect(step('Client works')).toBeVisible();
    await expect(step('Domains works')).toBeVisible();
    await expect(found.getByText('fails')).toHaveCount(0);

    // The provider knows her by now, and does not ask again.
    await continueBy(mia, server.url, 'mia');
    await expect(mia.getByRole('heading', { name: 'Now' })).toBeVisible();
    await ana.goto(`${server.url}/administration/members`);
    await expect(ana.getByRole('row', { name: /mia.*Planner/i })).toBeVisible();
  } finally {
    await server.end();
    await provider.end();
  }
});
