import { readFileSync } from 'node:fs';
import { violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';

test('AuditLog_FiltersStandInTheAddress_AndPagesGoOn', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/audit-log`, 'Audit log');
  const rows = page.getByRole('region', { name: 'Rows of the audit log' }).getByRole('button');
  await expect(rows).toHaveCount(50);
  await page.getByRole('button', { name: 'Older rows' }).click();
  await expect(rows).toHaveCount(100);
  await page.getByRole('textbox', { name: 'User' }).fill('cleo');
  await page.getByRole('combobox', { name: 'Action' }).click();
  await page.getByRole('option', { name: 'StartRelease' }).click();
  await page.getByRole('textbox', { name: 'Resource' }).fill('projects/shop');
  await page.getByRole('button', { name: 'Look' }).click();
  await expect(page).toHaveURL(/user=cleo&action=StartRelease&resource=projects%2Fshop/);
  await expect(rows).toHaveCount(15);
  await expect(page.getByRole('row', { name: /cleo StartRelease projects\/shop\/releases Denied/ })).toHaveCount(15);
  await page.reload();
  await expect(rows).toHaveCount(15);
  await expect(page.getByRole('textbox', { name: 'User' })).toHaveValue('cleo');
  await page.getByRole('textbox', { name: 'User' }).fill('nobody');
  await page.getByRole('button', { name: 'Look' }).click();
  await expect(page.getByText('No row fits')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(rows).toHaveCount(50);
});

test('AuditLog_TimesBackwards_AreNotAskedFor', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/audit-log`, 'Audit log');
  await page.getByLabel('From').fill('2031-12-24T18:00');
  await page.getByLabel('Until').fill('2031-12-24T17:00');
  await expect(page.getByText('It ends before it begins.')).toBeVisible();
  await page.getByRole('button', { name: 'Look' }).click();
  await expect(page).not.toHaveURL(/from=/);
});

test('AuditLog_Row_OpensByKeyboard_WithDigestsBeforeAndAfter', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/audit-log?user=ben`, 'Audit log');
  const row = page.getByRole('button', { name: /PauseRelease by ben$/ }).first();
  await row.focus();
  await page.keyboard.press('Enter');
  await expect(row).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByText('The resource changed')).toBeVisible();
  await expect(page.getByText('looking at the logs')).toBeVisible();
  await expect(page.getByRole('link', { name: 'projects/shop/releases/42/pause' })).toHaveAttribute('href', '/projects/shop/releases/42');
  expect(await violations(page)).toEqual([]);
});

test('AuditLog_Exported_IsAFileOfTheLog', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/audit-log`, 'Audit log');
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export JSON lines' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('audit-default.jsonl');
  expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toHaveLength(120);
});

test('Chain_Whole_ThenBroken_IsDrawnAndSaid', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/audit-log`, 'Audit log');
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await expect(page.getByTestId('chain')).toHaveText('Whole');
  expect(await violations(page)).toEqual([]);
  standIn.world.auditLog.verdict = {
    ...standIn.world.auditLog.verdict,
    intact: false,
    faults: [
      { seq: 31, kind: 'altered', detail: 'Its fields do not give its hash.' },
      { seq: 78, kind: 'removed', detail: 'Row 77 is missing.' },
    ],
  };
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await expect(page.getByTestId('chain')).toHaveText('2 faults');
  await expect(page.getByText('Row 77 is missing.')).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('Archives_LastOne_AndWhatIsInTheWay_AreSaid', async ({ page, standIn }) => {
  standIn.world.auditLog.archives = {
    last: {
      from: 1,
      to: 4_000,
      at: '2026-11-20T03:00:00Z',
      by: 'system:audit-archive',
      file: 'audit-default-000000000001-000000004000.jsonl',
    },
    problem: {
      detail: 'The folder /srv/archive is not there.',
      next: 'Mount its disk',
      since: '2026-11-21T03:00:00Z',
      triedAt: '2026-11-21T03:15:00Z',
    },
  };
  await settled(page, `${standIn.url}/administration/audit-log`, 'Audit log');
  const archives = page.getByRole('group', { name: 'Archives' });
  await expect(archives).toContainText('The folder /srv/archive is not there.');
  await expect(archives).toContainText('Next: Mount its disk.');
  await expect(archives).toContainText('by the server, in audit-default-000000000001-000000004000.jsonl.');
  expect(await violations(page)).toEqual([]);
});
