import { test as base } from '@playwright/test';
import { StandIn } from '../stand-in/server.ts';
import { World } from '../stand-in/world.ts';

interface Fixtures {
  standIn: StandIn;
  /** Unix ms at which time stands still, in the world and in the browser; null: it passes. */
  standsAt: number | null;
}

/** A world of its own for each test. A console error anywhere fails the test that caused it. */
export const test = base.extend<Fixtures>({
  standsAt: [null, { option: true }],
  standIn: async ({ page, standsAt }, use) => {
    if (standsAt !== null) await page.clock.setFixedTime(standsAt);
    const standIn = await StandIn.start(standsAt === null ? new World() : new World(standsAt, () => standsAt));
    const defects: string[] = [];
    page.on('pageerror', (error) => defects.push(String(error)));
    page.on('console', (message) => {
      // While the server is away the browser itself reports every refused request; that is what those tests are about.
      if (message.type() === 'error' && !/ERR_CONNECTION|WebSocket connection|Failed to load resource/.test(message.text()))
        defects.push(message.text());
    });
    await use(standIn);
    await standIn.down();
    if (defects.length > 0) throw new Error(`The page reported: ${defects.join('\n')}`);
  },
});

export { expect } from '@playwright/test';
