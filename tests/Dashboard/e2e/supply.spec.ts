import { violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';

test('Artifact_SaysWhoBuiltItFromWhat_AndWhatDoesNotCount_KeysAreReplaced', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/artifacts`);
  await page.getByRole('link', { name: 'sha256:aa77c1e0' }).click();
  const built = page.getByRole('region', { name: /^Built/ });
  await expect(built).toContainText('Verified');
  await expect(built).toContainText('a ProdSprint target');
  await expect(built).toContainText('https://git.example.org/acme/shop.git');
  await expect(built).toContainText('411 passed, 0 failed');
  await expect(built.getByRole('list', { name: 'What was run' }).getByRole('listitem')).toHaveText(['npm ci', 'npm run build', 'npm test']);
  const started = page.getByRole('region', { name: /^Started in production/ });
  await expect(started).toContainText('Does not count');
  await expect(started.getByRole('note')).toHaveText('no key of this workspace has signed it');
  await built.getByText('The statement as it was signed').click();
  await expect(built).toContainText('https://in-toto.io/Statement/v1');

  await built.getByRole('link', { name: /^key 91be/ }).click();
  const keys = page.getByRole('region', { name: 'Signing keys' });
  await expect(keys.getByRole('listitem')).toHaveText([/91be77d0a1c4Signs/, /4f20c1aa93e7Verifies/]);
  await keys.getByRole('button', { name: 'New key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('a laptop was lost');
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(keys.getByRole('listitem')).toHaveText([/c0ffee5a1d02Signs/, /91be77d0a1c4Verifies/, /4f20c1aa93e7Verifies/]);
});
