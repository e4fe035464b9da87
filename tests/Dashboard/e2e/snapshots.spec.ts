import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { differences, thisBrowser, type DrawnBy } from './drawnBy.ts';
import { expect, test } from './fixtures.ts';
import { geometry, moved, type Box } from './geometry.ts';
import { pages, views } from './pages.ts';
import { settled } from './settled.ts';
import { smallerPng } from './smallerPng.ts';

const folder = fileURLToPath(new URL('../snapshots/', import.meta.url));
const how = { animations: 'disabled', caret: 'hide', scale: 'css' } as const;
/**
 * Tried: the same page again differs in no pixel, lines of another colour in 11,943 of 1.9 million. Less is left to another processor's way to draw an edge: where
 * things stand, the geometry says.
 */
const enough = { threshold: 0.2, maxDiffPixelRatio: 0.002 };
const read = <T>(name: string): T => JSON.parse(readFileSync(folder + name, 'utf8')) as T;
const write = (name: string, what: unknown) => writeFileSync(folder + name, `${JSON.stringify(what, null, 2)}\n`);

/** What people look at most, and one page of each kind, but none that shows a generated table; the dark and the narrow view of what differs most there. */
const drawn: Record<(typeof views)[number]['name'], string[]> = {
  light: ['now', 'projects', 'canary', 'rolled-back', 'plan', 'runs', 'decisions', 'webhooks', 'audit-log', 'settings'],
  dark: ['canary', 'plan'],
  phone: ['now', 'canary', 'audit-log'],
  'phone-dark': ['now'],
};

/** Most of a page, in a window so tall that its bars stand where they belong; what is further down is in the geometry. */
const tall = 1400;

/** Once by each process is enough. */
let told = false;

test.use({ timezoneId: 'UTC', locale: 'en-GB', standsAt: Date.parse('2026-06-17T09:41:00Z') });

async function open(page: Page, url: string, name: string) {
  const { path, shows } = pages.find((one) => one.name === name)!;
  await settled(page, url + path, shows);
  if (name === 'canary') await expect(page.locator('canvas')).toHaveCount(3);
  await page.waitForLoadState('networkidle');
}

for (const view of views)
  for (const name of drawn[view.name]) {
    const picture = `${name}-${view.name}`;
    test(`Looks_${picture}_AsDrawn`, async ({ page, standIn, browser }, info) => {
      const drawing = info.config.updateSnapshots !== 'none';
      const here = thisBrowser(browser);
      await page.emulateMedia({ colorScheme: view.colorScheme });
      await page.setViewportSize({ width: view.width, height: tall });
      await open(page, standIn.url, name);
      if (drawing) {
        mkdirSync(folder, { recursive: true });
        write('drawn-by.json', here);
        write(`${picture}.json`, await geometry(page));
        writeFileSync(`${folder}${picture}.png`, smallerPng(await page.screenshot(how)));
        return;
      }
      await expect(async () => expect(moved(read<Box[]>(`${picture}.json`), await geometry(page))).toEqual([])).toPass({ timeout: 15_000 });

      const other = differences(read<DrawnBy>('drawn-by.json'), here);
      if (other.length === 0) {
        // What comes late is waited for; what stays wrong is told with a picture of the difference.
        await expect(() => expect(page).toHaveScreenshot(`${picture}.png`, { ...how, ...enough, timeout: 8_000 })).toPass({
          timeout: 20_000,
        });
        return;
      }
      // A picture by another browser or in another font is no fault of the page.
      expect(existsSync(`${folder}${picture}.png`)).toBe(true);
      info.annotations.push({ type: 'geometry only', description: other.join('; ') });
      if (!told)
        console.log(
          `The pictures were drawn by another browser, so only where parts stand is compared (${other.join('; ')}). npm run snapshots draws them again.`,
        );
      told = true;
    });
  }

test('Geometry_AColumnMovedOrAStylesheetMissing_IsTold', async ({ page, standIn }) => {
  const then = read<Box[]>('canary-light.json');
  await open(page, standIn.url, 'canary');
  await page.addStyleTag({ content: 'header { width: 300px !important }' });
  expect(moved(then, await geometry(page))).not.toEqual([]);

  await page.route(/\.css$/, (route) => route.fulfill({ contentType: 'text/css', body: '' }));
  await open(page, standIn.url, 'canary');
  expect(moved(then, await geometry(page))).not.toEqual([]);
});
