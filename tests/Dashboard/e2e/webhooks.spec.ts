import { inEveryView, violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';

test('Webhook_AddedWithItsSecretShownOnce_Changed_ThenRemoved', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/webhooks`, 'Webhooks');
  await page.getByRole('button', { name: 'Add a webhook' }).click();
  const dialog = page.getByRole('dialog');
  const add = dialog.getByRole('button', { name: 'Add' });
  await dialog.getByRole('textbox', { name: 'Address' }).fill('hooks.example');
  await expect(dialog.getByText('An address that begins with https://')).toBeVisible();
  await expect(add).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Address' }).fill('https://localhost/in');
  await dialog.getByRole('textbox', { name: 'Events' }).fill('release.*, everything');
  await expect(dialog.getByText('“everything” is no kind of an event')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Events' }).fill('release.*, plan.approved');
  await add.click();
  await expect(dialog.getByRole('alert')).toContainText('address of a private network');
  await dialog.getByRole('textbox', { name: 'Address' }).fill('https://new.example/in');
  await add.click();
  const shown = page.getByRole('dialog', { name: 'The webhook’s secret' });
  await expect(shown.locator('code').first()).toHaveText(/^whsec_/);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  expect(standIn.world.commands.at(-1)!.body).toMatchObject({ url: 'https://new.example/in', events: ['release.*', 'plan.approved'] });

  await page.getByRole('link', { name: 'https://new.example/in' }).click();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await dialog.getByRole('switch', { name: 'Send nothing for now' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Change' }).click();
  await expect(page.getByRole('region', { name: 'Webhook', exact: true })).toContainText('Sends nothing');
  expect(standIn.world.commands.at(-1)).toMatchObject({
    ifMatch: '"1.seen"',
    body: { paused: true, events: ['release.*', 'plan.approved'] },
  });
  await page.getByRole('button', { name: 'New secret' }).click();
  await dialog.getByText('7 days').click();
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(shown).toBeVisible();
  expect(standIn.world.commands.at(-1)!.body).toMatchObject({ overlapHours: 168 });
  await page.keyboard.press('Escape');
  await expect(page.getByText('The secret before signs as well')).toBeVisible();
  await page.getByRole('button', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('heading', { name: 'Webhooks', exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'https://new.example/in' })).toHaveCount(0);
});

test('Deliveries_SayWhatCameOfThem_AndAreReplayed', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/webhooks/wh-0f3a9c1b2d4e`, 'Deliveries');
  const rows = page.getByRole('region', { name: 'List of deliveries' }).getByRole('row');
  await expect(rows).toHaveText([
    /Event/,
    /step-started.*On its way.*next try in .*503/,
    /release.started.*Taken.*200/,
    /plan.approved.*Given up.*No answer/,
  ]);
  await expect(rows.nth(1).getByRole('button')).toHaveCount(0);
  expect(await inEveryView(page)).toEqual([]);
  await page.setViewportSize({ width: 1360, height: 900 });
  await page.getByText('Given up', { exact: true }).first().click();
  await expect(rows).toHaveCount(2);
  await page.getByRole('button', { name: /^Replay plan.approved/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
  await expect(page.getByText('None in this state')).toBeVisible();
  await page.getByText('All', { exact: true }).click();
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await expect(rows.nth(1)).toHaveText(/webhook.test.*Taken.*204/);
});

test('Webhooks_NoneYet_SaysWhatTheyAreFor_NotShown_SaysWhy', async ({ page, standIn }) => {
  standIn.world.webhooks.list = [];
  await settled(page, `${standIn.url}/administration/webhooks`, 'Webhooks');
  await expect(page.getByText('Nobody is told yet')).toBeVisible();
  await settled(page, `${standIn.url}/administration/webhooks/wh-gone`);
  await expect(page.getByRole('alert')).toContainText("There is no webhook 'wh-gone'");
});
