import { violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';

test('Secret_SetByHand_GoesInOnce_AndIsShownNowhere', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/infrastructure/secrets`, 'Production');
  await page.getByRole('button', { name: 'Set a secret' }).click();
  const dialog = page.getByRole('dialog');
  const set = dialog.getByRole('button', { name: 'Set', exact: true });
  await dialog.getByLabel('Name').fill('mail-token');
  await dialog.getByLabel('Value').fill('from outside');
  await expect(dialog.getByText('Capitals, digits and _')).toBeVisible();
  await expect(set).toBeDisabled();
  await expect(dialog.getByLabel('Value')).toHaveAttribute('type', 'password');
  await dialog.getByLabel('Name').fill('MAIL_API_KEY');
  await set.click();
  await expect(dialog.getByRole('alert')).toContainText('It is of another kind');
  expect(await violations(page)).toEqual([]);
  await dialog.getByText('Staging').click();
  await set.click();
  await expect(page.getByRole('region', { name: 'Secrets of staging' }).getByRole('link', { name: 'MAIL_API_KEY' })).toBeVisible();
  expect(standIn.world.commands.at(-1)).toMatchObject({
    path: 'projects/shop/secrets/staging/MAIL_API_KEY/versions',
    key: expect.any(String),
    body: { kind: 'value', value: 'from outside' },
  });
  expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toContain('from outside');
  // The field is empty when the dialog comes again: what was entered is not kept in the page.
  await page.getByRole('button', { name: 'Set a secret' }).click();
  await expect(dialog.getByLabel('Value')).toHaveValue('');
});

test('Secret_RotatedByItsKind_ItsOverlapTakenBackOrEnded', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/infrastructure/secrets`, 'Production');
  await page.getByRole('link', { name: 'DATABASE_URL' }).click();
  const card = page.getByRole('region', { name: 'Secret', exact: true });
  const dialog = page.getByRole('dialog');
  await expect(card).toContainText('Two versions work');
  await expect(card.getByRole('button', { name: 'Rotate' })).toHaveCount(0);
  await card.getByRole('button', { name: 'Restore the one before' }).click();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('the importer cannot sign in');
  await dialog.getByRole('button', { name: 'Restore' }).click();
  const versions = page.getByRole('region', { name: 'Versions of DATABASE_URL' });
  await expect(versions.getByRole('row', { name: /^3 Current/ })).toBeVisible();
  await card.getByRole('button', { name: 'Revoke the one before' }).click();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await expect(dialog).toContainText('Say why');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('it leaked');
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await expect(versions.getByRole('row', { name: /^4 Revoked/ })).toBeVisible();
  await card.getByRole('button', { name: 'Rotate' }).click();
  await dialog.getByLabel('The version before goes on working for').selectOption('72');
  await dialog.getByRole('button', { name: 'Rotate' }).click();
  await expect(card).toContainText('Trying the new one');
  expect(standIn.world.commands.map((c) => [c.path.split('/').at(-1), c.body])).toMatchObject([
    ['restore', { reason: 'the importer cannot sign in' }],
    ['revoke', { reason: 'it leaked' }],
    ['rotate', { overlapHours: 72 }],
  ]);
});

test('Secrets_NoneYet_SaysWhatTheyAreFor_NotLetIn_SaysWhatToDo', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/ledger/infrastructure/secrets`);
  await expect(page.getByText('No secrets yet')).toBeVisible();
  await settled(page, `${standIn.url}/projects/shop/infrastructure/secrets/production/MAIL_API_KEY`, 'Versions');
  await expect(page.getByRole('note')).toContainText('Next: prodsprint secrets rotate MAIL_API_KEY');
});

test('Secret_Removed_WithAReason_IsInNoListAnyMore', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/infrastructure/secrets/production/MAIL_API_KEY`, 'Versions');
  await page.getByRole('button', { name: 'Remove' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Also when something runs with it').check();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('mail goes elsewhere');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('region', { name: 'Secret', exact: true })).toContainText('Removed');
  await expect(page.getByRole('button', { name: 'Rotate' })).toHaveCount(0);
  await page.getByRole('link', { name: '← Secrets' }).click();
  await expect(page.getByRole('link', { name: 'DATABASE_URL' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'MAIL_API_KEY' })).toHaveCount(0);
});
