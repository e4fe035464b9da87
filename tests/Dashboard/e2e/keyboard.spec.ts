import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';

test('Keyboard_FirstTab_IsTheSkipLink_AndItSkips', async ({ page, standIn }) => {
  await settled(page, standIn.url, 'Now');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('Keyboard_WalkThroughTheScreen_EveryStopIsVisibleAndMarked', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  const seen = new Set<string>();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const e = document.activeElement as HTMLElement | null;
      if (!e || e === document.body) return null;
      const box = e.getBoundingClientRect();
      const style = getComputedStyle(e);
      const marked = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || getComputedStyle(e, '::after').outlineStyle !== 'none';
      return { name: (e.getAttribute('aria-label') ?? e.textContent ?? '').trim().slice(0, 60), size: box.width * box.height, marked };
    });
    if (!stop) break;
    expect(stop.size, stop.name).toBeGreaterThan(0);
    expect(stop.marked, `${stop.name} shows no focus`).toBe(true);
    seen.add(stop.name);
  }
  for (const name of ['ProdSprint, go to Now', 'New release', 'Promote', 'Pause', 'Abort', 'Timeline']) expect([...seen]).toContain(name);
});

test('Keyboard_Pause_WithoutAMouse', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  const pause = page.getByRole('button', { name: 'Pause' });
  await pause.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Reason' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(pause).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Reason' })).toBeFocused();
  await page.keyboard.type('lunch');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Pause' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('headline')).toHaveText('Paused at 5 %');
  expect(standIn.world.commands[0]).toMatchObject({ path: 'projects/shop/releases/42/pause', body: { reason: 'lunch' } });
});

test('Keyboard_CtrlK_GoesToAProject', async ({ page, standIn }) => {
  await settled(page, standIn.url, 'Now');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('textbox', { name: 'Go to a screen or a project' })).toBeFocused();
  await page.keyboard.type('ledger');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'ledger', level: 1 })).toBeVisible();
});
