import { mkdirSync } from 'node:fs';
import { expect, test } from './fixtures.ts';
import { pages, views } from './pages.ts';

for (const view of views) {
  test(`Screenshots_${view.name}_AreWritten`, async ({ page, standIn }) => {
    // Some thirty pages, one after the other.
    test.setTimeout(240_000);
    mkdirSync('test-results/shots', { recursive: true });
    await page.emulateMedia({ colorScheme: view.colorScheme });
    await page.setViewportSize({ width: view.width, height: view.height });
    for (const { name, path } of pages) {
      await page.goto(standIn.url + path);
      await expect(page.locator('[role=status][aria-label^=Loading]')).toHaveCount(0);
      if (path === '/projects/shop') for (let i = 0; i < 14; i++) standIn.world.tick();
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: `test-results/shots/${name}-${view.name}.png`, fullPage: true });
    }
  });
}
