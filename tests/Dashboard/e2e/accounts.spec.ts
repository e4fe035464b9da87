import { expect, test, type Page } from '@playwright/test';
import { comeIn } from './comeIn.ts';
import { oneTimePassword } from './oneTimePassword.ts';
import { RealServer } from './RealServer.ts';

/** One-time passwords, as an authenticator does it; the first of the recovery codes. */
async function setUp(page: Page) {
  await page.getByRole('button', { name: 'Set up' }).click();
  const dialog = page.getByRole('dialog');
  const secret = (await dialog.locator('code').first().textContent())!.replace(/\s/g, '');
  await dialog.getByRole('textbox', { name: 'Code' }).fill(oneTimePassword(secret, Date.now()));
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  const codes = page.getByRole('dialog', { name: 'Recovery codes' }).getByRole('listitem');
  await expect(codes.first()).toBeVisible();
  const recovery = (await codes.first().textContent())!;
  await page.keyboard.press('Escape');
  await expect(codes).toHaveCount(0);
  return recovery;
}

test('Accounts_RealServer_FromTheFirstAdministrator_ToASessionThatIsEndedElsewhere', async ({ browser }) => {
  test.setTimeout(240_000);
  const server = new RealServer({ Identity__Mode: 'accounts' });
  const code = async (...words: string[]) =>
    (JSON.parse(await server.cli('accounts', 'enrol', ...words, '--json')) as { data: { code: string } }).data.code;
  const window = async () => (await browser.newContext({ viewport: { width: 1360, height: 900 } })).newPage();
  try {
    await server.start();
    const ana = await window();
    const dialog = ana.getByRole('dialog');
    await ana.goto(`${server.url}/administration/members`);
    await comeIn(ana, await code('ana', '--admin'));
    await ana.getByRole('button', { name: 'Make ana the first Admin' }).click();
    await dialog.getByRole('button', { name: 'Add' }).click();
    await expect(ana.getByRole('row', { name: /ana.*Admin/ })).toBeVisible();

    await ana.goto(`${server.url}/account/security`);
    const recovery = await setUp(ana);
    await ana.goto(`${server.url}/administration/sign-in`);
    await ana.getByRole('button', { name: 'Ask everybody for one' }).click();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('as we agreed');
    await dialog.getByRole('button', { name: 'Ask for it' }).click();
    await expect(ana.getByText('Asked of everybody')).toBeVisible();

    await ana.goto(`${server.url}/administration/members`);
    await ana.getByRole('button', { name: 'Invite' }).click();
    await dialog.getByRole('button', { name: 'Make the invitation' }).click();
    const link = (await ana.getByText(/\/invitations\/accept\S*#psi_\S+/).textContent())!;

    // Not signed in yet: the invitation is still there afterwards, and the workspace lets nobody in without a second factor.
    const ben = await window();
    // The answer that leads to the sign-in comes before the page of the invitation does, as it may.
    await ben.route(
      /AcceptPage/,
      (route) =>
        ben
          .waitForURL(/\/sign-in\?/)
          .then(() => route.abort())
          .catch(() => undefined),
      { times: 1 },
    );
    await ben.goto(link, { waitUntil: 'commit' });
    await comeIn(ben, await code('ben'));
    await ben.getByRole('button', { name: 'Join' }).click();
    const asked = ben.getByRole('region', { name: 'default asks for a second factor' });
    await expect(asked).toContainText('you have none yet');
    await setUp(ben);
    await asked.getByRole('button', { name: 'Go on' }).click();
    await expect(ben.getByRole('heading', { name: 'Now' })).toBeVisible();

    const laptop = await window();
    await laptop.goto(`${server.url}/account`);
    await comeIn(laptop, await code('ana'));
    await laptop.getByRole('textbox', { name: /recovery code/ }).fill(recovery);
    await laptop.getByRole('button', { name: 'Confirm', exact: true }).click();
    await expect(laptop.getByRole('row')).toHaveCount(3);
    await ana.goto(`${server.url}/account`);
    await ana.getByRole('button', { name: 'End all others' }).click();
    await dialog.getByRole('button', { name: 'End them' }).click();
    await expect(ana.getByRole('row')).toHaveCount(2);
    // With the next thing that is done there, if it has not noticed by itself.
    await laptop
      .getByRole('link', { name: 'Tokens' })
      .click({ timeout: 5_000 })
      .catch(() => undefined);
    await expect(laptop).toHaveURL(/\/sign-in\?returnTo=%2Faccount/);
  } finally {
    await server.end();
  }
});
