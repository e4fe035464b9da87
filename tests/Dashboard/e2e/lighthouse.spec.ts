import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test } from '@playwright/test';
import lighthouse, { desktopConfig } from 'lighthouse';
import { StandIn } from '../stand-in/server.ts';
import { settled } from './settled.ts';

/** Of 100. Performance is only told: how fast a page is there depends on what else the machine does. */
const least = 95;
const pages = [
  { name: 'project', path: '/projects/shop', timed: true },
  { name: 'now', path: '/', timed: false },
  { name: 'audit log', path: '/administration/audit-log', timed: false },
  { name: 'sign-in', path: '/sign-in', timed: true },
];

test('Lighthouse_HeavyPagesAndSignIn_AreAccessibleAndWellMade', async ({}, info) => {
  test.setTimeout(420_000);
  const home = mkdtempSync(join(tmpdir(), 'ps-lighthouse-'));
  const standIn = await StandIn.start();
  const { executablePath, args } = info.project.use.launchOptions!;
  // Lighthouse speaks to the browser over a port of its own, which the browser chooses and writes down.
  const browser = await chromium.launchPersistentContext(home, { executablePath, args: [...args!, '--remote-debugging-port=0'] });
  try {
    let port = 0;
    await expect(() =>
      expect((port = Number(readFileSync(join(home, 'DevToolsActivePort'), 'utf8').split('\n')[0]))).toBeGreaterThan(0),
    ).toPass();
    // Once before it is measured, so that the stand-in has read its files.
    await settled(await browser.newPage(), `${standIn.url}/projects/shop`);
    const found: string[] = [];
    for (const { name, path, timed } of pages) {
      if (name === 'sign-in') standIn.world.accounts.signIn();
      const run = () =>
        lighthouse(
          standIn.url + path,
          {
            port,
            logLevel: 'error',
            onlyCategories: [...(timed ? ['performance'] : []), 'accessibility', 'best-practices'],
            throttlingMethod: 'provided',
            disableFullPageScreenshot: true,
          },
          desktopConfig,
        );
      let lhr = (await run())!.lhr;
      // Nothing was measured: on a busy machine the browser may not answer Lighthouse in the time it gives it.
      if (lhr.runtimeError) lhr = (await run())!.lhr;
      const { categories, audits, runtimeError } = lhr;
      expect(runtimeError, name).toBeUndefined();
      const score = (id: string) => Math.round((categories[id]?.score ?? 0) * 100);
      const figure = (id: string) => audits[id]?.displayValue?.replace(/\s/g, ' ') ?? 'not known';
      const times = `performance ${score('performance')} (first paint ${figure('first-contentful-paint')}, largest ${figure('largest-contentful-paint')}, blocked ${figure('total-blocking-time')}, shift ${figure('cumulative-layout-shift')}), `;
      console.log(`${name}: ${timed ? times : ''}accessibility ${score('accessibility')}, best practices ${score('best-practices')}`);
      for (const id of ['accessibility', 'best-practices']) {
        if (score(id) >= least) continue;
        const failed = categories[id]!.auditRefs.filter((ref) => ref.weight > 0 && audits[ref.id]!.score === 0).map((ref) => ref.id);
        found.push(`${name}: ${id} ${score(id)} of 100, at least ${least}: ${failed.join(', ')}`);
      }
    }
    expect(found).toEqual([]);
  } finally {
    await browser.close();
    await standIn.down();
    rmSync(home, { recursive: true, force: true });
  }
});
