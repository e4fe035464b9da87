import { expect, type Page } from '@playwright/test';

/** Shown, loaded and connected. */
export async function settled(page: Page, url: string, shows = '') {
  await page.goto(url);
  if (shows) await expect(page.getByRole('heading', { name: shows }).first()).toBeVisible();
  await expect(page.locator('[role=status][aria-label^=Loading]')).toHaveCount(0);
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
}
