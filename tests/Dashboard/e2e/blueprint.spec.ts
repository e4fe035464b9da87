import { violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';

test('Blueprint_WorkedOut_RiskRulesCostAndFilesSideBySide', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/plan/6`, 'Plan 6');
  await page.getByRole('button', { name: 'Work it out' }).click();

  const part = (name: string) => page.getByRole('region', { name, exact: true });
  await expect(part('Risk of the change')).toContainText('Medium, 31');
  await expect(part('Risk of the change')).toContainText('Brier score of what was foretold: 0.118');
  await expect(part('Rules')).toContainText('soc2 v1: 2 of 3 hold');
  await expect(part('Rules')).toContainText('Do: Plan with a profile that asks for it');
  await expect(part('Cost')).toContainText('+$53 against what is approved now');
  await expect(part('Cost')).toContainText('$48 less');

  const asked = page.waitForRequest((r) => r.url().endsWith('/v1/blueprints/generate'));
  await page.getByText('Kubernetes (EKS)').click();
  await asked;
  await expect(page.getByRole('radio', { name: 'Kubernetes (EKS)' })).toBeChecked();

  await part('Files').getByText('production.tfvars').click();
  const diff = page.getByRole('region', { name: /production.tfvars, approved before and now/ });
  await expect(diff.getByRole('row', { name: /copies = 2.*copies = 3/ })).toBeVisible();
  await expect(diff).toContainText('db.t4g.small');
  await part('Files').getByText('prodsprint.yml').click();
  await expect(part('Files')).toContainText('contents: read');
  expect(await violations(page)).toEqual([]);
});

test('Blueprint_OnAPhone_NothingRunsOutOfItsCard', async ({ page, standIn }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await settled(page, `${standIn.url}/projects/shop/plan/6`, 'Plan 6');
  await page.getByRole('button', { name: 'Work it out' }).click();
  await page
    .getByRole('region', { name: 'Rules', exact: true })
    .getByText(/rules? holds?$/)
    .click();
  await expect(page.getByText('production.tfvars: backup_days')).toBeVisible();
  const wide = await page
    .locator('main section')
    .evaluateAll((parts) => parts.filter((p) => p.scrollWidth > p.clientWidth).map((p) => p.getAttribute('aria-label') ?? p.className));
  expect(wide).toEqual([]);
});

test('Saving_Chosen_ShowsThePlanOfIt_AndOneClickAsksForIt', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/plan/6`, 'Plan 6');
  await page.getByRole('button', { name: 'Work it out' }).click();
  const part = (name: string) => page.getByRole('region', { name, exact: true });
  await expect(part('Use').getByRole('listitem').filter({ hasText: 'app production, memory' })).toContainText('300 of 4,096 MiB');
  await expect(part('Use').getByRole('listitem').filter({ hasText: 'worker production, memory' })).toContainText('near its limit');

  await part('Cost').getByRole('button', { name: 'See the plan: app is larger than what it uses' }).click();
  const chosen = page.getByRole('group', { name: 'Carried out in these figures' });
  await expect(chosen).toContainText('Set memory 4096 to 512 MiB');
  await expect(part('Cost')).toContainText('$21 against the plan as it is');
  await expect(chosen).toContainText('production/app memory: 4096 MiB 512 MiB');
  expect(await violations(page)).toEqual([]);

  await chosen.getByRole('button', { name: 'Plan it' }).click();
  const dialog = page.getByRole('dialog', { name: 'Plan it' });
  await dialog.getByRole('button', { name: 'Plan it' }).click();
  await expect(dialog).toBeHidden();
  const [branch, plan] = standIn.world.commands.slice(-2);
  expect(branch).toMatchObject({
    path: 'projects/shop/plans/6/branch',
    body: { apply: ['rightsize.app'], infrastructure: false, pipelines: false },
  });
  expect(plan).toMatchObject({ path: 'projects/shop/plans', body: { ref: 'prodsprint/plan-6-app-512-mib' } });
});

test('Choices_Changed_AreSent_AndThePlanCanHaveTheCareThatTheRiskAsksFor', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/plan/6`, 'Plan 6');
  await page.getByRole('button', { name: 'Work it out' }).click();

  const form = page.getByRole('form', { name: 'Where it runs, and how it is used' });
  await form.getByLabel('Hours of staging in a month').fill('731');
  await expect(form.getByRole('button', { name: 'Work it out again' })).toBeDisabled();
  await form.getByLabel('Hours of staging in a month').fill('200');
  await form.getByLabel('Region').fill('eu-central-1');
  await form.getByLabel('Rules').selectOption('soc2');
  const asked = page.waitForRequest((r) => r.url().endsWith('/v1/blueprints/generate'));
  await form.getByRole('button', { name: 'Work it out again' }).click();
  await asked;
  await expect
    .poll(() => standIn.world.commands.at(-1))
    .toMatchObject({
      path: 'blueprints/generate',
      body: { profile: 'soc2', region: 'eu-central-1', usage: { stagingHours: 200 } },
    });
  expect(await violations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Plan it with this care' }).click();
  const dialog = page.getByRole('dialog', { name: 'Plan it with this care' });
  await dialog.getByRole('button', { name: 'Plan it with this care' }).click();
  await expect(dialog).toBeHidden();
  expect(standIn.world.commands.at(-1)).toMatchObject({ path: 'projects/shop/plans', body: { care: 'medium' } });
});
