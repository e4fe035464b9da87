import { mkdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { violations } from './axe.ts';
import { settled } from './settled.ts';

/** Walks a server that is really there, whatever is in it: BASE_URL=http://127.0.0.1:7400 npm run e2e */
const base = process.env.BASE_URL ?? '';

interface Named {
  id: string;
  lastRelease?: number;
  lastPlan?: number;
}

async function projects(): Promise<Named[]> {
  const answer = await fetch(`${base}/v1/projects`);
  return ((await answer.json()) as { items: Named[] }).items;
}

test('Real_EveryPageOfEveryProject_LoadsIsLiveAndAxeFindsNothing', async ({ page }) => {
  test.setTimeout(300_000);
  mkdirSync('test-results/real', { recursive: true });
  const defects: string[] = [];
  page.on('pageerror', (error) => defects.push(`${page.url()}: ${error}`));
  page.on(
    'console',
    (message) => message.type() === 'error' && !/404/.test(message.text()) && defects.push(`${page.url()}: ${message.text()}`),
  );
  const paths = ['/', '/projects', '/runs', '/decisions', '/administration', '/administration/jobs', '/administration/reminders'];
  for (const p of (await projects()).slice(0, 4)) {
    paths.push(...['', '/timeline', '/plan', '/audit', '/artifacts', '/logs'].map((tab) => `/projects/${p.id}${tab}`));
    for (let n = 1; n <= Math.min(4, p.lastRelease ?? 0); n++) paths.push(`/projects/${p.id}/releases/${n}`);
  }
  const found: string[] = [];
  for (const path of paths) {
    await settled(page, base + path);
    for (const [name, width, colorScheme] of [
      ['light', 1360, 'light'],
      ['phone-dark', 390, 'dark'],
    ] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      found.push(...(await violations(page)).map((v) => `${path} ${name}: ${v}`));
      if ((await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)) > 0)
        found.push(`${path} ${name}: wider than the screen`);
      await page.screenshot({ path: `test-results/real/${path.replace(/\W+/g, '_') || '_'}-${name}.png`, fullPage: true });
    }
  }
  expect(found).toEqual([]);
  expect(defects).toEqual([]);
});

test('Real_UnknownProject_ShowsTheServersNextStep', async ({ page }) => {
  await settled(page, `${base}/projects/there-is-no-such-project`);
  await expect(page.getByRole('alert').first()).toContainText('Next: ');
});

test('Real_RefusedCommand_IsSaidInTheDialog', async ({ page }) => {
  await settled(page, `${base}/projects`);
  await page.getByRole('button', { name: 'Import a repository' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Repository' }).fill('/nowhere');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Not A Name!');
  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Next: ');
});
