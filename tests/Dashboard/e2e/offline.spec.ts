import type { Page } from '@playwright/test';
import { violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';
import type { StandIn } from '../stand-in/server.ts';

/** The browser has no network, and the connection that stood is cut. */
async function goOffline(page: Page, standIn: StandIn) {
  await page.context().setOffline(true);
  standIn.hub.dropAll();
  await expect(page.getByTestId('stale')).toBeVisible();
}

async function setVariable(page: Page, name: string, value: string) {
  await page.getByRole('button', { name: 'Set a variable' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Value').fill(value);
  await dialog.getByRole('button', { name: 'Set' }).click();
  await expect(dialog).toHaveCount(0);
}

async function addWindow(page: Page, why: string, from: string, until: string) {
  await page.getByRole('button', { name: 'Add a freeze window' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('From').fill(from);
  await dialog.getByLabel('Until').fill(until);
  await dialog.getByLabel('Why').fill(why);
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(dialog).toHaveCount(0);
}

test('Offline_ChangesAreKept_SurviveAReload_OneIsDropped_TheRestGoesOutInOrder', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/settings`, 'Variables');
  await goOffline(page, standIn);
  await setVariable(page, 'FIRST', '1');
  await setVariable(page, 'SECOND', '2');
  await setVariable(page, 'THIRD', '3');
  await expect(page.getByTestId('outbox')).toHaveText('3 not sent yet');
  expect(standIn.world.commands).toHaveLength(0);
  await page.getByTestId('outbox').click();
  const panel = page.getByRole('dialog', { name: 'Not sent yet' });
  await expect(panel.getByRole('listitem')).toHaveCount(3);
  expect(await violations(page)).toEqual([]);
  await panel.getByRole('button', { name: 'Drop: Set a variable' }).nth(1).click();
  await expect(panel.getByRole('listitem')).toHaveCount(2);
  await page.keyboard.press('Escape');

  await page.context().setOffline(false);
  await expect(page.getByTestId('outbox')).toHaveCount(0);
  await expect(page.getByText('2 changes that waited are made.')).toBeVisible();
  await expect(page.getByRole('cell', { name: 'THIRD', exact: true })).toBeVisible();
  const applied = standIn.world.commands.filter((c) => c.status === 200);
  expect(applied.map((c) => c.body)).toMatchObject([{ values: { FIRST: '1' } }, { values: { THIRD: '3' } }]);
  expect(standIn.world.projects.get('shop')!.variables).toEqual(['API_URL', 'FEATURE_CART', 'FIRST', 'THIRD']);
});

test('Offline_PageLeftAndComeBackTo_StillSends_ByTheSameKey', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/settings`, 'Variables');
  await goOffline(page, standIn);
  await setVariable(page, 'KEPT', '1');
  const key = await page.evaluate(() => (JSON.parse(localStorage.getItem('prodsprint-outbox')!) as { id: string }[])[0]!.id);
  await page.goto('about:blank');
  await page.context().setOffline(false);
  await settled(page, `${standIn.url}/projects/shop/settings`, 'Variables');
  await expect(page.getByRole('cell', { name: 'KEPT', exact: true })).toBeVisible();
  expect(standIn.world.commands.map((c) => c.key)).toEqual([key]);
});

test('AnswerLost_IsAskedAgain_ByTheSameKey_AndDoneOnce', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  // It is carried out, and the connection breaks before the answer is there.
  await page.route(
    '**/pause',
    async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    },
    { times: 1 },
  );
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByTestId('headline')).toHaveText('Paused at 5 %');
  await expect(page.getByTestId('outbox')).toHaveCount(0);
  await expect(page.getByText('The change that waited is made.')).toBeVisible();
  const keys = standIn.world.commands.map((c) => c.key);
  expect(keys).toEqual([keys[0], keys[0]]);
  expect(standIn.world.timeline.filter((e) => e.kind === 'release.pause')).toHaveLength(1);
});

test('Offline_SteeringAskedForLongAgo_AsksBeforeItGoes', async ({ page, standIn }) => {
  await page.clock.install();
  await settled(page, `${standIn.url}/projects/shop`, 'v1.9.0');
  await page.context().setOffline(true);
  standIn.hub.dropAll();
  await page.clock.runFor(3_000);
  await page.getByRole('button', { name: 'Abort' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('note')).toContainText('kept in this browser');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('wrong flag');
  await dialog.getByRole('button', { name: 'Abort' }).click();
  await expect(page.getByTestId('outbox')).toBeVisible();
  await page.clock.fastForward(5 * 60_000);
  await page.context().setOffline(false);
  await page.clock.runFor(10_000);
  await expect(page.getByText('Do you still want this?')).toBeVisible();
  expect(standIn.world.commands).toHaveLength(0);
  await page.getByRole('button', { name: 'Look' }).click();
  await page.getByRole('button', { name: 'Send now' }).click();
  await expect.poll(() => standIn.world.commands.length).toBe(1);
  await expect(page.getByTestId('headline')).toHaveText('Aborted');
});

test('Offline_WhatShowsASecretOnce_WaitsForTheServer', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/members`, 'Members of default');
  await goOffline(page, standIn);
  await page.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('note')).toContainText('has to wait');
  await expect(dialog.getByRole('button', { name: 'Make the invitation' })).toBeDisabled();
});

test('Conflict_OthersChangedSomethingElse_GoesThroughByItself', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/settings`, 'Freeze windows');
  await goOffline(page, standIn);
  await addWindow(page, 'Christmas', '2031-12-24T18:00', '2031-12-27T06:00');
  const stocktaking = { reason: 'Stocktaking', from: '2031-12-30T00:00:00Z', until: '2031-12-30T20:00:00Z' };
  standIn.world.changeProject('shop', { freeze: [...standIn.world.projects.get('shop')!.freeze, stocktaking] });
  await page.context().setOffline(false);
  await expect(page.getByRole('row', { name: /Christmas/ })).toBeVisible();
  expect(standIn.world.projects.get('shop')!.freeze.map((w) => w.reason)).toEqual(['Black Friday', 'Christmas', 'Stocktaking']);
  const [stale, again] = standIn.world.commands;
  expect([stale!.status, again!.status]).toEqual([412, 200]);
  expect(again!.key).not.toBe(stale!.key);
});

test('Conflict_OthersChangedTheSame_IsComparedFieldByField_AndDecided', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/settings`, 'Freeze windows');
  await goOffline(page, standIn);
  await page.getByRole('button', { name: 'Remove Black Friday' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('called off');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  const window = (reason: string, day: string) => ({ reason, from: `${day}T00:00:00Z`, until: `${day}T20:00:00Z` });
  standIn.world.changeProject('shop', { freeze: [window('Black Friday', '2031-11-28'), window('Stocktaking', '2031-12-30')] });
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Compare' }).click();
  const dialog = page.getByRole('dialog', { name: /^Compare/ });
  await expect(dialog.getByRole('row', { name: /Black Friday Both changed it .* no window .*28 Nov 2031/ })).toBeVisible();
  await expect(dialog.getByRole('row', { name: /Stocktaking They changed it no window no window 30 Dec 2031/ })).toBeVisible();
  const make = dialog.getByRole('button', { name: 'Make this change' });
  await expect(make).toBeDisabled();
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 1360, height: 900 });
  await dialog.getByRole('radiogroup', { name: 'Take for Black Friday' }).getByText('Yours').click();
  await make.click();
  await expect(page.getByRole('row', { name: /Stocktaking/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /Black Friday/ })).toHaveCount(0);
  await expect(page.getByTestId('outbox')).toHaveCount(0);
});

test('Conflict_WhileConnected_OpensTheSameComparison_AndCanBeLeft', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/members`, 'Members of default');
  await page.getByRole('button', { name: 'Change the roles of cleo' }).click();
  standIn.world.tenants.set('cleo', ['reviewer'], 'ben');
  const dialog = page.getByRole('dialog', { name: 'Roles of cleo' });
  await dialog.getByRole('checkbox', { name: 'Planner' }).check();
  await dialog.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('button', { name: 'Compare' }).click();
  const compare = page.getByRole('dialog', { name: 'Compare: Roles of cleo' });
  await expect(compare.getByRole('row', { name: /Planner You changed it no yes no/ })).toBeVisible();
  await expect(compare.getByRole('row', { name: /Viewer They changed it yes yes no/ })).toBeVisible();
  await compare.getByRole('button', { name: 'Leave it as it is now' }).click();
  await expect(page.getByRole('row', { name: /cleo Reviewer/ })).toBeVisible();
  await expect(page.getByTestId('outbox')).toHaveCount(0);
});
