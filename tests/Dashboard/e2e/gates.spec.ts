import { violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';

test('Readiness_Blocked_SaysWhatToDo_AndLeadsThere', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/newsletter`, 'The way to production');
  await page.getByRole('navigation', { name: 'Project' }).getByRole('link', { name: 'Gates' }).click();
  const card = page.getByRole('region', { name: 'Readiness' });
  await expect(page.getByTestId('readiness')).toHaveText('Blocked');
  await expect(card).toContainText('2 of 5 pass');
  await expect(card.getByRole('list', { name: 'To be done' }).getByRole('listitem')).toHaveCount(3);
  await card.getByText('2 pass', { exact: true }).click();
  await expect(card.getByText('Every dependency is locked')).toBeVisible();
  await card.getByRole('link', { name: 'Go there: Every variable has a value' }).click();
  await expect(page.getByRole('heading', { name: 'Variables' })).toBeVisible();
});

test('Waiver_NeedsAPackageATicketAndAReason_ThenHolds_ThenIsRevoked', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/gates/waivers`, 'Waivers');
  await page.getByRole('button', { name: 'Waive', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const waive = dialog.getByRole('button', { name: 'Waive' });
  await dialog.getByLabel('Advisory').fill('CVE-2021-23337');
  await dialog.getByLabel('Package').fill('lodash');
  await expect(dialog).toContainText('A package’s URL');
  await dialog.getByLabel('Ticket').fill('SHOP-1400');
  await expect(waive).toBeDisabled();
  await dialog.getByLabel('Package').fill('pkg:npm/lodash@4.17.20');
  await waive.click();
  await expect(dialog).toContainText('Say why');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('not reachable');
  await waive.click();
  await expect(dialog.getByRole('alert')).toContainText('Waiver 2 of user:ben covers it.');
  expect(await violations(page)).toEqual([]);
  await dialog.getByLabel('Package').fill('pkg:npm/lodash');
  await dialog.getByText('7 days').click();
  await waive.click();
  const list = page.getByRole('region', { name: 'Waivers that hold' });
  await expect(list.getByRole('row')).toHaveText([
    /What/,
    /4\.17\.20.*Ends in 2/,
    /pkg:npm\/lodash.*SHOP-1400.*Ends in 6/,
    /tests\.coverage/,
  ]);
  await list.getByRole('button', { name: 'Revoke waiver 2 of CVE-2021-23337' }).click();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('4.17.21 is in');
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await expect(list.getByRole('row')).toHaveCount(3);
  await page.getByText('2 ended').click();
  await expect(page.getByRole('region', { name: 'Waivers that ended' })).toContainText('revoked by ana: 4.17.21 is in');
});

test('Tests_WhatWaversIsSeenInItsHistory_AndPutAside_ThenReleased', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/gates/tests`, 'Newest report');
  const report = page.getByRole('region', { name: 'Newest report' });
  await expect(report.getByRole('img', { name: 'Builds: 21 passed, 3 failed' })).toBeVisible();
  const cases = report.getByRole('list', { name: 'What failed or wavered' }).getByRole('listitem');
  await expect(cases).toHaveText([
    /Failedcheckout › a voucher.*Actual: +14\.00/s,
    /Waveredcart › keeps/,
    /WaveredIn quarantinesearch › finds/,
  ]);
  const coverage = page.getByRole('region', { name: 'Coverage by file' });
  await expect(coverage.getByRole('row', { name: /legacy-importer.*9\.0\s%/ })).toContainText('122 lines');
  await coverage.getByText('10 lines', { exact: true }).click();
  await expect(coverage).toContainText('31-32, 61-68');

  await cases.nth(1).getByRole('link').click();
  await expect(page.getByRole('img', { name: 'The last 20 builds: 17 passed, 2 wavered, 1 failed' })).toBeVisible();
  await page.getByRole('link', { name: '← Tests' }).click();

  await cases.nth(1).getByRole('button', { name: 'Quarantine' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Quarantine' })).toBeDisabled();
  await dialog.getByLabel('Ticket').fill('SHOP-1402');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('it reads the clock');
  await dialog.getByRole('button', { name: 'Quarantine' }).click();
  const aside = page.getByRole('region', { name: 'Tests in quarantine' });
  await expect(aside.getByRole('row', { name: /cart › keeps.*it reads the clock SHOP-1402/ })).toBeVisible();
  await aside.getByRole('button', { name: 'Release search › finds within 50 ms' }).click();
  await dialog.getByRole('button', { name: 'Release' }).click();
  await expect(aside.getByRole('row')).toHaveCount(2);
  await expect(cases.nth(2).getByRole('button', { name: 'Quarantine' })).toBeVisible();
  expect(standIn.world.commands.map((c) => c.body)).toMatchObject([
    { test: 'cart › keeps its items over midnight', ticket: 'SHOP-1402', reason: 'it reads the clock' },
    { test: 'search › finds within 50 ms' },
  ]);
});

test('Tests_NoneYet_SaysWhichReportsAreRead_AndAsksForNothingThatIsNotThere', async ({ page, standIn }) => {
  const missing: string[] = [];
  page.on('response', (answer) => answer.status() >= 400 && missing.push(answer.url()));
  await settled(page, `${standIn.url}/projects/ledger/gates/tests`);
  await expect(page.getByText('No tests have reported yet')).toBeVisible();
  expect(missing).toEqual([]);
});

test('Dependencies_WhatStopsARelease_IsWaivedInItsRow', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/gates/dependencies`, 'Dependencies');
  const card = page.getByRole('region', { name: 'Dependencies' });
  await expect(card).toContainText('412 packages, 2 critical, 1 denied licence, 1 high, 52 low');
  await expect(card).toContainText('2 stop a release now.');
  const table = page.getByRole('region', { name: 'What was found' });
  const lodash = table.getByRole('row', { name: /lodash 4\.17\.20/ });
  await expect(lodash).toContainText(/GHSA-35jh-r3h4-6jhm.*4\.17\.21.*Waived, ends in/);
  await expect(table.getByRole('row', { name: /mocha/ })).toContainText('In development only');
  await expect(table.getByRole('row')).toHaveCount(51);
  await card.getByRole('button', { name: 'More' }).click();
  await expect(table.getByRole('row')).toHaveCount(57);

  await card.getByText('Stops a release', { exact: true }).first().click();
  await expect(table.getByRole('row')).toHaveText([/Package/, /minimist/, /ghost/]);
  await table.getByRole('button', { name: 'Waive GHSA-xvch-5gv4-984h in minimist' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Advisory')).toHaveValue('GHSA-xvch-5gv4-984h');
  await expect(dialog.getByLabel('Package')).toHaveValue('pkg:npm/minimist@1.2.5');
  await dialog.getByLabel('Ticket').fill('SHOP-1500');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('only our own arguments are read');
  await dialog.getByRole('button', { name: 'Waive' }).click();
  await expect(table.getByRole('row')).toHaveText([/Package/, /ghost/]);
  expect(standIn.world.commands.at(-1)?.body).toMatchObject({
    covers: 'vulnerability',
    package: 'pkg:npm/minimist@1.2.5',
    ticket: 'SHOP-1500',
  });
});

test('Dependencies_NothingLookedAt_SaysHowToBegin', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/ledger/gates/dependencies`);
  await expect(page.getByText('No gate has looked yet')).toBeVisible();
});

test('Performance_EachRouteStandsAgainstItsLimit_AndRunsLeadToTheirFigures', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/shop/gates/performance`, 'Load');
  const routes = page.getByRole('region', { name: 'Routes' });
  const cart = routes.getByRole('row', { name: /GET \/cart/ });
  await expect(cart).toContainText('p95 is 241.5 ms, its budget is 200 ms');
  await expect(cart).toContainText('Stops a release');
  await expect(cart.getByRole('img', { name: /^p95 24\d.*at most 200.*stable version 121/ })).toBeVisible();
  await expect(routes.getByRole('row', { name: /GET \/search/ })).toContainText('Not put under load');
  await cart.getByRole('button', { name: 'Waive GET /cart' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Control')).toHaveValue('performance.GET /cart');
  await dialog.getByLabel('Ticket').fill('SHOP-1501');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('the sale is over on Monday');
  await dialog.getByRole('button', { name: 'Waive' }).click();
  await expect(cart).toContainText('Waived, ends in');

  await page.getByRole('region', { name: 'Runs of load' }).getByRole('link', { name: 'Release 41' }).click();
  await expect(cart).toContainText('Kept');
  await page.getByRole('button', { name: '← The newest run' }).click();
  await expect(cart).toContainText('Waived, ends in');
});

test('Performance_NoRoutes_SaysWhatNamesThem', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/projects/ledger/gates/performance`);
  await expect(page.getByText('No routes are known')).toBeVisible();
});
