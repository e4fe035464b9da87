import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { views } from './pages.ts';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on the page as it is now, one line per finding. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(source);
  return page.evaluate(async () => {
    const axe = (
      globalThis as unknown as {
        axe: {
          run: (
            context: Document,
            options: unknown,
          ) => Promise<{ violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary: string }[] }[] }>;
        };
      }
    ).axe;
    const found = await axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return found.violations.flatMap((v) =>
      v.nodes.map((n) => `${v.id}: ${v.help} at ${n.target.join(' ')} (${n.failureSummary.split('\n')[1] ?? ''})`),
    );
  });
}

/** Light, dark and phone, one after another on the page as it stands. Everything found is told at once. */
export async function inEveryView(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const view of views) {
    await page.emulateMedia({ colorScheme: view.colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: view.width, height: view.height });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', view.colorScheme);
    found.push(...(await violations(page)).map((v) => `${view.name}: ${v}`));
    // A page wider than the screen is a page that slides away under the thumb.
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) found.push(`${view.name}: ${over} px wider than the screen`);
  }
  return found;
}
