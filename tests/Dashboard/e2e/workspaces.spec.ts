import { inEveryView } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';

test('Workspaces_OneMadeForAnOrganisation_AnotherAdministered', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/account/workspaces`, 'Your workspaces');
  const mine = page.getByRole('region', { name: 'List of workspaces' });
  await expect(mine.getByRole('row')).toHaveText([
    /Workspace/,
    /default.*Admin.*Here/,
    /acme.shop.*Planner, Reviewer/,
    /acme.labs.*no member/,
  ]);
  expect(await inEveryView(page)).toEqual([]);
  await page.setViewportSize({ width: 1360, height: 900 });

  await page.getByRole('button', { name: 'New workspace' }).click();
  const dialog = page.getByRole('dialog');
  const make = dialog.getByRole('button', { name: 'Make it' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Acme Shop');
  await expect(dialog.getByText('Lower-case letters')).toBeVisible();
  await expect(make).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('acme.shop');
  await make.click();
  await expect(dialog.getByRole('alert')).toContainText('The name is taken');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('acme.web');
  await dialog.getByRole('combobox', { name: 'Organisation' }).click();
  await page.getByRole('option', { name: 'The Acme Group' }).click();
  await make.click();
  await expect(mine.getByRole('row', { name: /acme.web.*acme.*Admin/ })).toBeVisible();
  expect(standIn.world.commands.at(-1)!.body).toMatchObject({ name: 'acme.web', organisation: 'acme' });

  await page.getByRole('button', { name: 'Come in to acme.labs' }).click();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('its only Admin has left');
  await dialog.getByRole('button', { name: 'Become an Admin' }).click();
  await expect(mine.getByRole('row', { name: /acme.labs.*Admin/ })).toBeVisible();
  await page.getByRole('button', { name: 'Go to acme.labs' }).click();
  await expect(page.getByRole('button', { name: 'Workspace acme.labs. Change' })).toBeVisible();
});

test('Organisations_OneMade_ItsAdminsChanged', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/account/workspaces`, 'Your organisations');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Remove an Admin of acme' }).click();
  await dialog.getByRole('combobox', { name: 'Who' }).click();
  await page.getByRole('option', { name: 'ben' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('button', { name: 'Remove an Admin of acme' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Add an Admin to acme' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('cleo');
  await dialog.getByRole('button', { name: 'Add' }).click();
  const list = page.getByRole('region', { name: 'List of organisations' });
  await expect(list.getByRole('row', { name: /The Acme Group.*ana, cleo/ })).toBeVisible();

  await page.getByRole('button', { name: 'Ask for a second factor in acme' }).click();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('the auditors');
  await dialog.getByRole('button', { name: 'Ask for it' }).click();
  await expect(list.getByRole('row', { name: /The Acme Group Second factor/ })).toBeVisible();
  expect(standIn.world.commands.at(-1)!.body).toMatchObject({ secondFactor: true, reason: 'the auditors' });
  await page.getByRole('button', { name: 'No longer ask for a second factor in acme' }).click();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('until everybody has a telephone');
  await dialog.getByRole('button', { name: 'No longer ask' }).click();
  await expect(list.getByText('Second factor', { exact: true })).toHaveCount(0);

  await page.getByRole('button', { name: 'New organisation' }).click();
  await dialog.getByRole('textbox', { name: 'Id' }).fill('globex');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(list.getByRole('row', { name: /globex.*ana/ })).toBeVisible();
});
