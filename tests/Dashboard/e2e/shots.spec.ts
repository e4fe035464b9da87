import { mkdirSync } from 'node:fs';
import { expect, test } from './fixtures.ts';

const pages: [string, string][] = [
  ['now', '/'], ['projects', '/projects'], ['canary', '/projects/shop'], ['rolled-back', '/projects/shop/releases/40'], ['timeline', '/projects/shop/timeline'], ['plan', '/projects/newsletter/plan'],
  ['audit', '/projects/shop/audit'], ['artifacts', '/projects/shop/artifacts'], ['logs', '/projects/shop/logs'], ['first-plan', '/projects/newsletter'], ['runs', '/runs'], ['decisions', '/decisions'],
  ['grains', '/administration'], ['jobs', '/administration/jobs'],
];
const views = [
  { name: 'light', colorScheme: 'light', width: 1360, height: 900 },
  { name: 'dark', colorScheme: 'dark', width: 1360, height: 900 },
  { name: 'phone', colorScheme: 'light', width: 390, height: 844 },
  { name: 'phone-dark', colorScheme: 'dark', width: 390, height: 844 },
] as const;

for (const view of views) {
  test(`Screenshots_${view.name}_AreWritten`, async ({ page, standIn }) => {
    mkdirSync('test-results/shots', { recursive: true });
    await page.emulateMedia({ colorScheme: view.colorScheme });
    await page.setViewportSize({ width: view.width, height: view.height });
    for (const [name, path] of pages) {
      await page.goto(standIn.url + path);
      await expect(page.locator('[role=status][aria-label^=Loading]')).toHaveCount(0);
      if (path === '/projects/shop') for (let i = 0; i < 14; i++) standIn.world.tick();
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: `test-results/shots/${name}-${view.name}.png`, fullPage: true });
    }
  });
}
