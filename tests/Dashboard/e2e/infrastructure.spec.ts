import { violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';

test('Infrastructure_PlanSeenAsADiff_ApprovedByItsDigest_AppliedWithItsOutput', async ({ page, standIn }) => {
  const { infrastructure } = standIn.world;
  await settled(page, `${standIn.url}/projects/shop/infrastructure`, 'Staging');
  const staging = page.getByRole('region', { name: 'Staging', exact: true });
  await expect(staging).toContainText('1 to create, 1 to change, with OpenTofu 1.10.6');
  await staging.getByText('terraform_data.database').click();
  const diff = page.getByRole('region', { name: 'terraform_data.database, as it is and as planned' });
  await expect(diff.getByRole('row', { name: /SQL_ASCII.*UTF8/ })).toBeVisible();
  expect(await violations(page)).toEqual([]);

  const dialog = page.getByRole('dialog');
  await staging.getByRole('button', { name: 'Approve' }).click();
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Next: Ask someone else to approve it');
  infrastructure.change('staging', { requestedBy: 'user:ben' });
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(staging).toContainText('Waits to be applied');
  const { digest } = infrastructure.list.find((i) => i.environment === 'staging')!.plan!;
  expect(standIn.world.commands.at(-1)!.body).toMatchObject({ digest });

  infrastructure.log.push('OpenTofu will perform the actions described above.');
  await staging.getByRole('button', { name: 'Apply' }).click();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  const output = page.getByRole('log', { name: 'Output for staging' });
  await expect(output).toContainText('will perform the actions');
  infrastructure.log.push('Apply complete! Resources: 1 added, 1 changed, 0 destroyed.');
  await expect(output).toContainText('Apply complete!');
  expect(await violations(page)).toEqual([]);
  // What was said stays after the job has ended.
  infrastructure.change('staging', { phase: 'applied', job: null });
  standIn.world.push(
    'View',
    { kind: 'infrastructure', key: 'infrastructure/default/shop/staging', project: 'shop', version: 9, body: null },
    null,
  );
  await expect(staging).toContainText('As it was applied');
  await expect(output).toContainText('Apply complete!');
});

test('Infrastructure_Drift_IsPutBackOrAnsweredFor_StatesAreRestored', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/infrastructure`, 'Production');
  const drift = page.getByRole('region', { name: 'Drift of production' });
  const dialog = page.getByRole('dialog');
  await expect(drift).toContainText('The role shop_production may create databases');
  await drift.getByRole('button', { name: 'Accept' }).click();
  await dialog.getByRole('button', { name: 'Accept' }).click();
  await expect(dialog).toContainText('Say why');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('the reporting job needs it');
  await dialog.getByRole('button', { name: 'Accept' }).click();
  await expect(drift).toContainText('the reporting job needs it');
  await expect(drift.getByRole('button')).toHaveCount(0);
  await page.getByRole('region', { name: 'Production', exact: true }).getByText('Terraform’s states').click();
  const states = page.getByRole('region', { name: 'States of production' });
  await expect(states.getByRole('row')).toHaveText([/Version/, /7As written/, /6As written.*Restore/, /5Tampered with/]);
  await states.getByRole('button', { name: 'Restore state 6 of production' }).click();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('7 was tampered with');
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await expect(dialog).toHaveCount(0);
  expect(standIn.world.commands.at(-1)!.path).toBe('projects/shop/infrastructure/production/states/6/restore');
});

test('Infrastructure_NothingYet_CanBePlanned', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/ledger/infrastructure`, 'Production');
  await page.getByRole('button', { name: 'Plan production' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Plan' }).click();
  await expect(page.getByRole('region', { name: 'Production', exact: true })).toContainText('Being planned');
});
