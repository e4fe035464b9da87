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
