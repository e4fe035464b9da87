import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';

test('Freeze_WindowBackwards_CannotBeAdded_ThenItCan_AndGoes', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/settings`, 'Freeze windows');
  await page.getByRole('button', { name: 'Add a freeze window' }).click();
  const dialog = page.getByRole('dialog');
  const add = dialog.getByRole('button', { name: 'Add' });
  await dialog.getByLabel('From').fill('2031-12-24T18:00');
  await dialog.getByLabel('Until').fill('2031-12-24T17:00');
  await dialog.getByLabel('Why').fill('Christmas');
  await expect(dialog).toContainText('It ends before it begins.');
  await expect(add).toBeDisabled();
  await dialog.getByLabel('Until').fill('2031-12-27T06:00');
  await add.click();
  await expect(page.getByRole('row', { name: /Christmas.*Opens in/ })).toBeVisible();
  expect(standIn.world.commands[0]).toMatchObject({
    path: 'projects/shop/freeze',
    body: { reason: 'Christmas', windows: [{ reason: 'Black Friday' }, { reason: 'Christmas' }] },
  });
  await page.getByRole('button', { name: 'Remove Black Friday' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(dialog).toContainText('Say why');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('called off');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('Black Friday')).toHaveCount(0);
});

test('Freeze_OfTheWorkspace_IsSetBesideTheLimits_AndAProjectShowsItWithoutTakingItAway', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/limits`, 'Freeze windows of default');
  await page.getByRole('button', { name: 'Add a freeze window' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('From').fill('2031-12-24T18:00');
  await dialog.getByLabel('Until').fill('2031-12-27T06:00');
  await dialog.getByLabel('Why').fill('Nobody is in');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByRole('row', { name: /Nobody is in.*Opens in/ })).toBeVisible();
  expect(standIn.world.commands[0]).toMatchObject({ path: 'freeze', ifMatch: '"1.seen"', body: { windows: [{ reason: 'Nobody is in' }] } });
  await settled(page, `${standIn.url}/projects/shop/settings`, 'Freeze windows');
  const everywhere = page.getByRole('region', { name: 'Freeze windows of the workspace' });
  await expect(everywhere.getByRole('row', { name: /Nobody is in/ })).toBeVisible();
  await expect(everywhere.getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Remove Black Friday' })).toBeVisible();
});

test('Variables_SetChangedRemoved_ByNameAlone', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/settings`, 'Variables');
  await page.getByRole('button', { name: 'Set a variable' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('1ST');
  await expect(dialog.getByRole('button', { name: 'Set' })).toBeDisabled();
  await dialog.getByLabel('Name').fill('TIMEOUT_MS');
  await dialog.getByLabel('Value').fill('2500');
  await dialog.getByRole('button', { name: 'Set' }).click();
  await expect(page.getByRole('cell', { name: 'TIMEOUT_MS', exact: true })).toBeVisible();
  await expect(page.getByText('2500')).toHaveCount(0);
  await page.getByRole('button', { name: 'Remove API_URL' }).click();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('not read any more');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('cell', { name: 'API_URL', exact: true })).toHaveCount(0);
  expect(standIn.world.commands.map((c) => c.body)).toMatchObject([
    { values: { TIMEOUT_MS: '2500' } },
    { values: { API_URL: null }, reason: 'not read any more' },
  ]);
});
