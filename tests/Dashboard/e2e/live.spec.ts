import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';
import { countShifts, shifted } from './shifts.ts';

test('Live_WeightChanges_EveryScreenMovesWithoutReload', async ({ page, standIn, context }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  const now = await context.newPage();
  await settled(now, standIn.url, 'Now');
  standIn.world.canary(2);
  await expect(page.getByTestId('headline')).toHaveText('Canary 25 %');
  await expect(now.getByTestId('headline-shop')).toHaveText('Canary 25 %');
  standIn.world.tick();
  await expect(page.getByRole('img', { name: /Traffic: v1\.8\.2 75.*v1\.9\.0 25/ })).toBeVisible();
});

test('Live_ServerDiesAndComesBack_StaleWithAge_ThenResumesFromTheCursorWithoutReload', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  await page.evaluate(() => ((globalThis as { mark?: string }).mark = 'same page'));
  const last = standIn.world.say('shop', { text: 'seen before the crash', release: 42 });
  await expect(page.getByText('seen before the crash')).toBeVisible();
  await standIn.down();
  await expect(page.getByTestId('stale')).toContainText('Not live.');
  await expect(page.getByTestId('stale')).toContainText(/This is how things were at \d\d:\d\d:\d\d, \d+.s ago/);
  await expect(page.getByTestId('headline')).toHaveText('Canary 5 %');
  standIn.world.say('shop', { text: 'happened while away', release: 42 });
  standIn.world.canary(3);
  const before = standIn.hub.subscriptions.length;
  await standIn.listen();
  await expect(page.getByText('happened while away')).toBeVisible();
  await expect(page.getByTestId('headline')).toHaveText('Canary 100 %');
  await expect(page.getByTestId('stale')).toHaveCount(0);
  expect(await page.evaluate(() => (globalThis as { mark?: string }).mark)).toBe('same page');
  const resumed = standIn.hub.subscriptions.slice(before);
  expect(resumed).toEqual([
    { workspace: 'default', project: null, cursor: null },
    { workspace: null, project: 'shop', cursor: expect.any(Number) },
  ]);
  expect(resumed[1]!.cursor).toBeLessThanOrEqual(last.seq);
});

test('Live_OnlyWhatIsOnScreen_IsSubscribedTo', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  const [client] = [...standIn.hub.clients];
  expect([[...client!.projects], [...client!.watched]]).toEqual([[null, 'shop'], ['shop/production']]);
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Under way' })).toBeVisible();
  await expect.poll(() => [[...client!.projects], [...client!.watched]]).toEqual([[null], []]);
});

test('Live_OlderVersionArrivesLate_IsNotShown', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  const old = standIn.world.running;
  standIn.world.canary(2);
  await expect(page.getByTestId('headline')).toHaveText('Canary 25 %');
  standIn.world.push('View', { kind: 'release', key: old.key, project: 'shop', version: old.stateVersion, body: old }, null);
  standIn.world.say('shop', { text: 'sent after the old view' });
  await expect(page.getByText('sent after the old view')).toBeVisible();
  await expect(page.getByTestId('headline')).toHaveText('Canary 25 %');
});

test('Live_CanaryDoesHarm_VerdictRollbackAndWayBackAreShown', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  standIn.world.rollBack();
  await expect(page.getByTestId('headline')).toHaveText('Rolled back');
  await expect(page.getByText('Verdict to stable: 143 ms')).toBeVisible();
  await expect(page.getByText('The canary answers 6.40 % of its requests with errors')).toBeVisible();
  await expect(page.getByRole('img', { name: 'Traffic: v1.8.2 100 %' })).toBeVisible();
  await expect(page.getByText('v1.9.0 rolled back to v1.8.2 in 143 ms')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Retry' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Abort' })).toHaveCount(0);
});

test('Live_PageOpensAndSecondsPass_NothingMovesOnThePage', async ({ page, standIn }) => {
  await countShifts(page);
  for (const [path, last] of [
    ['/', 'Lately'],
    ['/projects/shop', 'Timeline'],
  ]) {
    await settled(page, standIn.url + path, last);
    standIn.world.tick();
    await page.waitForFunction(() => document.querySelectorAll('svg path').length > 5);
    expect(await shifted(page), 'while it opened').toBeLessThan(0.01);
    for (let i = 0; i < 8; i++) {
      standIn.world.tick();
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    }
    expect(await shifted(page), 'while seconds passed').toBeLessThan(0.001);
  }
});

test('Live_PageOpenedMidStep_EvidenceIsDrawnFromItsBeginning', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  const walk = page.locator('figure', { hasText: 'Evidence of harm' }).first().locator('path');
  await expect.poll(async () => (await walk.getAttribute('d'))!.split('L').length).toBeGreaterThan(10);
  const before = (await walk.getAttribute('d'))!.split('L').length;
  standIn.world.tick();
  await expect.poll(async () => (await walk.getAttribute('d'))!.split('L').length).toBe(before + 1);
});

test('Live_NewDecision_IsCountedAndListed', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/decisions`, 'Approve plan 1 of newsletter');
  standIn.world.change('shop/42', {
    phase: 'held',
    held: 'inconclusive',
    allowed: ['promote', 'abort'],
    message: 'Held at 5 %: not enough evidence after 10 min.',
  });
  await expect(page.getByRole('heading', { name: 'Release 42 of shop (v1.9.0) is held' })).toBeVisible();
  await expect(page.getByRole('link', { name: /Decisions.*2 waiting/ })).toBeVisible();
});

test('Live_LogGrows_IsFollowed', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/logs`);
  standIn.world.logs.push('the newest line');
  await expect(page.getByText('the newest line')).toBeInViewport();
});
