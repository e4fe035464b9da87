import { violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { settled } from './settled.ts';
import { countShifts, shifted } from './shifts.ts';

test('Members_RolesChanged_AreSent_WithWhatWasSeen', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/members`, 'Members of default');
  await page.getByRole('button', { name: 'Change the roles of cleo' }).click();
  const dialog = page.getByRole('dialog', { name: 'Roles of cleo' });
  await expect(dialog.getByRole('button', { name: 'Change' })).toBeDisabled();
  await dialog.getByRole('checkbox', { name: 'Reviewer' }).check();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('decides in the holidays');
  await dialog.getByRole('button', { name: 'Change' }).click();
  await expect(page.getByRole('row', { name: /cleo.*Reviewer, Viewer/ })).toBeVisible();
  expect(standIn.world.commands[0]).toMatchObject({
    path: 'members/cleo',
    ifMatch: '"4.seen"',
    body: { roles: ['viewer', 'reviewer'], reason: 'decides in the holidays' },
  });
});

test('Members_PageOpens_NothingMoves', async ({ page, standIn }) => {
  await countShifts(page);
  await settled(page, `${standIn.url}/administration/members`, 'Members of default');
  await expect(page.getByRole('columnheader', { name: 'Reviewer' })).toBeVisible();
  expect(await shifted(page)).toBeLessThan(0.01);
});

test('Permissions_OnAPhone_AreAListThatIsReadDownwards', async ({ page, standIn }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await settled(page, `${standIn.url}/administration/members`, 'Members of default');
  const list = page.getByRole('list', { name: 'What each role may' });
  await expect(list.getByText('Approve plans and releases, waive blockers')).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Reviewer' })).toHaveCount(0);
  expect(await list.evaluate((e) => e.scrollWidth - e.clientWidth)).toBe(0);
  expect(await violations(page)).toEqual([]);
});

test('Members_LastAdminRemoved_IsRefusedInWords_AnotherIsRemoved', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/administration/members`, 'Members of default');
  const dialog = page.getByRole('dialog');
  for (const name of ['ana', 'ben']) {
    await page.getByRole('button', { name: `Remove ${name}` }).click();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('left');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    if (name === 'ana') {
      await expect(dialog.getByRole('alert')).toContainText('Next: Make someone else an Admin first');
      await page.keyboard.press('Escape');
    }
    await expect(dialog).toHaveCount(0);
  }
  await expect(page.getByRole('row', { name: /^ben/ })).toHaveCount(0);
  await expect(page.getByRole('row', { name: /^ana/ })).toBeVisible();
});

test('Invitation_IsShownOnce_AcceptedByAnother_AndWithdrawn', async ({ page, standIn, context }) => {
  await settled(page, `${standIn.url}/administration/members`, 'Members of default');
  await page.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite someone' });
  await dialog.getByRole('checkbox', { name: 'Planner' }).check();
  await dialog.getByText('30 days').click();
  await dialog.getByRole('button', { name: 'Make the invitation' }).click();
  const made = page.getByRole('dialog', { name: 'The invitation' });
  const link = (await made.locator('code').first().textContent())!;
  expect(link).toBe(`${standIn.url}/invitations/accept?workspace=default#psi_${'1'.repeat(40)}`);
  await page.keyboard.press('Escape');
  await expect(page.getByText(link)).toHaveCount(0);
  expect(standIn.world.commands[0]).toMatchObject({ path: 'invitations', body: { roles: ['viewer', 'planner'], days: 30 } });

  const theirs = await context.newPage();
  await theirs.addInitScript(() => localStorage.setItem('prodsprint-user', 'dora'));
  await settled(theirs, link, 'Join default');
  expect(theirs.url()).not.toContain('psi_');
  await theirs.getByRole('button', { name: 'Join' }).click();
  await expect(theirs.getByRole('heading', { name: 'Now' })).toBeVisible();
  expect(standIn.world.tenants.members.at(-1)).toMatchObject({ actor: 'user:dora', roles: ['viewer', 'planner'] });
  await theirs.goBack();
  await theirs.close();

  await page.getByRole('button', { name: 'Withdraw invitation 7d10c2f4' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await expect(page.getByText('None open.')).toBeVisible();
});

test('Invitation_UsedUp_SaysWhatToDo', async ({ page, standIn }) => {
  await settled(page, `${standIn.url}/invitations/accept#psi_gone`, 'Join default');
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByRole('alert')).toContainText('Next: Ask for a new one');
  await settled(page, `${standIn.url}/invitations/accept`);
  await expect(page.getByText('This link has no invitation in it')).toBeVisible();
});

test('Workspace_WithoutMembers_SaysItIsOpen_AndClosesWithItsFirstAdmin', async ({ page, standIn }) => {
  standIn.world.tenants.members.length = 0;
  await settled(page, `${standIn.url}/administration/members`, 'Members of default');
  await expect(page.getByText('This workspace is open')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Make ana the first Admin' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  await expect(page.getByRole('row', { name: /ana You Admin/ })).toBeVisible();
});

test('Permission_Missing_DisablesTheControl_AndSaysWhich', async ({ page, standIn }) => {
  await page.addInitScript(() => localStorage.setItem('prodsprint-user', 'cleo'));
  await settled(page, `${standIn.url}/administration/members`, 'Members of default');
  const button = page.getByRole('button', { name: 'Invite' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await expect(button).toHaveAccessibleDescription(/needs the permission members\.write.*Admin has it/);
  await button.focus();
  await expect(page.getByRole('tooltip')).toContainText('members.write');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
});

test('Workspace_Switched_CountsForThisTabAlone', async ({ page, standIn, context }) => {
  await settled(page, standIn.url, 'Now');
  const other = await context.newPage();
  await settled(other, standIn.url, 'Now');
  await page.getByRole('button', { name: 'Workspace default. Change' }).click();
  await page.getByRole('menuitem', { name: 'Another…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Go to a workspace' });
  await dialog.getByRole('textbox').fill('no good');
  await expect(dialog.getByRole('button', { name: 'Go' })).toBeDisabled();
  await dialog.getByRole('textbox').fill('acme');
  await dialog.getByRole('button', { name: 'Go' }).click();
  await expect(page.getByRole('button', { name: 'Workspace acme. Change' })).toBeVisible();
  await settled(page, `${standIn.url}/administration/members`, 'Members of acme');
  await other.reload();
  await expect(other.getByRole('button', { name: 'Workspace default. Change' })).toBeVisible();
  const asked = standIn.hub.addresses.map((address) => new URL(address, standIn.url).searchParams.get('workspace'));
  expect(new Set(asked)).toEqual(new Set(['default', 'acme']));
});
