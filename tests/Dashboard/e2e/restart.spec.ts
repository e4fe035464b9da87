import { expect, test } from '@playwright/test';
import { RealServer } from './RealServer.ts';
import { settled } from './settled.ts';

test('Restart_RealServerKilled_PageSaysItIsStale_ThenGoesOnWithoutReload', async ({ page }) => {
  test.setTimeout(300_000);
  const server = new RealServer();
  try {
    await server.start();
    await server.cli('import', await server.repository('site'), '--as', 'ana');
    await settled(page, `${server.url}/projects/site/timeline`);
    await expect(page.getByText(/^Imported 1 commits/)).toBeVisible();
    // What holds the page still behind a dialog is a style element, which the server's policy lets in by its nonce.
    await page.getByRole('button', { name: 'Make a plan' }).click();
    await expect(page.locator('body')).toHaveCSS('overflow-y', 'hidden');
    await page.keyboard.press('Escape');
    await page.evaluate(() => ((globalThis as { mark?: string }).mark = 'same page'));
    server.kill();
    await expect(page.getByTestId('stale')).toContainText('Not live.');
    await server.start();
    await expect(page.getByText('Live', { exact: true })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByTestId('stale')).toHaveCount(0);
    // It moves again, by itself, and in order.
    await server.cli('plan', '--project', 'site', '--as', 'ana');
    await expect(page.getByText(/^Plan 1 of/).first()).toBeVisible({ timeout: 60_000 });
    expect(await page.evaluate(() => (globalThis as { mark?: string }).mark)).toBe('same page');
  } finally {
    await server.end();
  }
});
