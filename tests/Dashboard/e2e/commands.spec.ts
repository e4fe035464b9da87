import { Refused } from '../stand-in/refused.ts';
import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';

test('Abort_WithoutAReason_IsNotSent_ThenItIs', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  await page.getByRole('button', { name: 'Abort' }).click();
  const dialog = page.getByRole('dialog', { name: 'Abort v1.9.0' });
  await expect(dialog).toContainText('All traffic goes back to v1.8.2 at once');
  await dialog.getByRole('button', { name: 'Abort' }).click();
  await expect(dialog).toContainText('Say why');
  expect(standIn.world.commands).toHaveLength(0);
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('wrong flag');
  await dialog.getByRole('button', { name: 'Abort' }).click();
  await expect(page.getByTestId('headline')).toHaveText('Aborted');
  const [sent] = standIn.world.commands;
  expect(sent).toMatchObject({ user: 'ana', path: 'projects/shop/releases/42/abort', body: { reason: 'wrong flag' } });
  expect(sent!.key).toMatch(/^[0-9a-f-]{32,36}$/);
  await expect(page.getByText('abort of v1.9.0')).toBeVisible();
});

test('Command_KeepsItsKeyAfterAFault_AndHasANewOneAfterARefusal', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  const keys: (string | undefined)[] = [];
  page.on('request', (r) => r.method() === 'POST' && r.url().endsWith('/pause') && keys.push(r.headers()['idempotency-key']));
  const fault = { pattern: /pause$/, answer: new Refused(500, 'A fault', 'The server failed.') };
  standIn.world.refusals.push(fault);
  await page.getByRole('button', { name: 'Pause' }).click();
  const dialog = page.getByRole('dialog');
  const pause = dialog.getByRole('button', { name: 'Pause' });
  await pause.click();
  await expect(dialog.getByRole('alert')).toContainText('A fault');
  standIn.world.refusals.length = 0;
  // Between what is shown and what is: the release has moved on, silently.
  standIn.world.running.allowed = ['abort'];
  await pause.click();
  await expect(dialog.getByRole('alert')).toContainText('Not possible now');
  await expect(dialog.getByRole('alert')).toContainText('Next: prodsprint timeline shop');
  standIn.world.running.allowed = ['pause'];
  await pause.click();
  await expect(page.getByTestId('headline')).toContainText('Paused');
  expect(keys).toHaveLength(3);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});

test('PromoteFull_SendsFull', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  await page.getByRole('button', { name: 'Promote full' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('hotfix');
  await dialog.getByRole('button', { name: 'Promote full' }).click();
  await expect(dialog).toHaveCount(0);
  expect(standIn.world.commands[0]).toMatchObject({ path: 'projects/shop/releases/42/promote', body: { reason: 'hotfix', full: true } });
});

test('ApprovePlan_AuthorIsRefused_SomeoneElseWaivesTheBlocker', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/decisions`, 'Approve plan 1 of newsletter');
  await expect(page.getByText('Yours: someone else must decide')).toBeVisible();
  await page.getByRole('button', { name: 'Approve plan 1' }).click();
  const dialog = page.getByRole('dialog');
  const approve = dialog.getByRole('button', { name: 'Approve' });
  await expect(approve).toBeDisabled();
  await dialog.getByRole('checkbox', { name: /PAYMENT_API_KEY/ }).check();
  await expect(approve).toBeDisabled();
  await dialog.getByRole('textbox', { name: /acceptable/ }).fill('payments are off until March');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('ready');
  await expect(approve).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Ticket' }).fill('PAY-12');
  await approve.click();
  await expect(dialog.getByRole('alert')).toContainText('The author cannot approve');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: /^ana, acting/ }).click();
  await page.getByRole('menuitem', { name: 'ben' }).click();
  await page.getByRole('button', { name: 'Approve plan 1' }).click();
  await dialog.getByRole('checkbox', { name: /PAYMENT_API_KEY/ }).check();
  await dialog.getByRole('textbox', { name: /acceptable/ }).fill('payments are off until March');
  await dialog.getByRole('textbox', { name: 'Ticket' }).fill('PAY-12');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('ready');
  await approve.click();
  await expect(page.getByText('Nothing waits for you')).toBeVisible();
  expect(standIn.world.commands.at(-1)).toMatchObject({
    user: 'ben',
    body: {
      reason: 'ready',
      waivers: [
        {
          blocker: 'variable.missing/production/shop/PAYMENT_API_KEY',
          reason: 'payments are off until March',
          ticket: 'PAY-12',
          expires: expect.stringMatching(/^20/),
        },
      ],
    },
  });
});

test('ApprovePlan_TwoPeople_TheFirstIsCountedAndMayNotAgain_TheSecondDecides', async ({ page, standIn }) => {
  const { document } = standIn.world.plans.get('newsletter/1')!;
  standIn.world.changePlan('newsletter/1', {
    requestedBy: 'user:cleo',
    document: { ...document!, blockers: [], policy: { ...document!.policy, approvers: 2 } },
  });
  await settled(page, `${standIn.url}/projects/newsletter/plan`, 'Plan 1');
  await expect(page.getByText(/Approved by 0 of 2 people/)).toBeVisible();
  const approve = async () => {
    await page.getByRole('button', { name: 'Approve plan 1' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('read it');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await expect(dialog).toHaveCount(0);
  };
  await approve();
  await expect(page.getByText('You have approved it; one more person has to')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Approve plan 1' })).toHaveCount(0);
  await page.getByRole('button', { name: /^ana, acting/ }).click();
  await page.getByRole('menuitem', { name: 'ben' }).click();
  await approve();
  await expect(page.getByText(/Approved by ana, ben/)).toBeVisible();
});

test('RollBack_OffersOnlyGoodVersions', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  await page.getByRole('button', { name: 'Roll back' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('from v1.8.2 back to v1.8.0');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('cart is broken');
  await dialog.getByRole('button', { name: 'Roll back to v1.8.0' }).click();
  await expect(dialog).toHaveCount(0);
  expect(standIn.world.commands[0]).toMatchObject({
    path: 'projects/shop/rollback',
    body: { version: 'v1.8.0', reason: 'cart is broken' },
  });
});

test('DeadLetter_IsReplayed', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/jobs`);
  await page.getByText('Dead letters', { exact: true }).click();
  await page.getByRole('button', { name: 'Replay deploy.stop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
  await expect(page.getByText('No dead letters')).toBeVisible();
  expect(standIn.world.commands[0]!.path).toBe(`operations/jobs/${encodeURIComponent('release/default/shop/40@9.1')}/replay`);
});

test('Import_SendsTheSource', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects`, 'Projects');
  await page.getByRole('button', { name: 'Import a repository' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Import' })).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Repository' }).fill('/srv/git/blog');
  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(dialog).toHaveCount(0);
  expect(standIn.world.commands[0]).toMatchObject({ path: 'projects', body: { source: '/srv/git/blog' } });
});

test('FreezeOverride_AskedForByOne_ConfirmedByAnother_ShowsTheTimeLeft', async ({ page, standIn }) => {
  standIn.world.change('shop/42', { phase: 'held', held: 'frozen', allowed: ['override-freeze', 'abort'] });
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Override the freeze' }).click();
  await dialog.getByLabel('Minutes').fill('300');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('the shop is down');
  await expect(dialog.getByRole('button', { name: 'Override the freeze' })).toBeDisabled();
  await dialog.getByLabel('Minutes').fill('30');
  await dialog.getByRole('button', { name: 'Override the freeze' }).click();
  await expect(page.getByRole('note')).toContainText(/ana asks to go on in the freeze\. Somebody else has to confirm it within 1[45]/);
  expect(standIn.world.commands.at(-1)!.body).toMatchObject({ minutes: 30, reason: 'the shop is down' });
  await page.getByRole('button', { name: 'Confirm the override' }).click();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('me again');
  await dialog.getByRole('button', { name: 'Confirm the override' }).click();
  await expect(dialog.getByRole('alert')).toContainText('A second person has to confirm');
  await page.keyboard.press('Escape');
  standIn.world.say('shop', {
    kind: 'release.override-confirmed',
    actor: 'user:ben',
    text: 'Confirmed',
    release: 42,
    body: { askedBy: 'user:ana', until: new Date(Date.now() + 1_800_000).toISOString() },
  });
  await expect(page.getByRole('note')).toContainText(/ana and ben have overridden the freeze for this release: (29|30)/);
});
