import type { Page } from '@playwright/test';

/** Before a page is opened: from then on the browser counts how far things move. */
export const countShifts = (page: Page) =>
  page.addInitScript(() => {
    const seen: number[] = [];
    (globalThis as unknown as { moved: number[] }).moved = seen;
    const shifts = (list: PerformanceObserverEntryList) =>
      list.getEntries().forEach((e) => seen.push((e as unknown as { value: number }).value));
    new PerformanceObserver(shifts).observe({ type: 'layout-shift', buffered: true });
  });

/** How far things have moved, as the browser counts it, since the page was opened and since the last time it was asked. */
export const shifted = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { moved: number[] }).moved.splice(0).reduce((sum, by) => sum + by, 0));
