import { describe, expect, test } from 'vitest';
import { filterOf, outcome, rangeProblem, readSearch } from '../../../web/dashboard/src/features/Audit/auditFilter.ts';
import { headPattern, pageOf } from '../../../web/dashboard/src/features/Audit/auditLog.ts';
import { chainPicture } from '../../../web/dashboard/src/features/Audit/chainPicture.ts';
import { missingPermission } from '../../../web/dashboard/src/features/Identity/permissions.ts';
import { invitationLink } from '../../../web/dashboard/src/features/Tenants/members.ts';
import { sameRoles, withRole } from '../../../web/dashboard/src/features/Tenants/roles.ts';
import { withRecent, workspaceName } from '../../../web/dashboard/src/features/Tenants/workspace.ts';
import { Tenants, permissions } from '../stand-in/tenants.ts';

describe('permissions', () => {
  const tenants = new Tenants(0);
  test('Missing_NamesThePermission_AndWhoHasIt', () => {
    const why = missingPermission('PromoteRelease', tenants.me('cleo', 'acme'), permissions);
    expect(why).toBe('This needs the permission releases.steer, which you do not have in acme. Planner or admin has it.');
  });
  test('Missing_NotKnownYet_OrHeld_IsNothing', () => {
    expect(missingPermission('PromoteRelease', undefined, permissions)).toBeNull();
    expect(missingPermission('PromoteRelease', tenants.me('cleo', 'acme'), undefined)).toBeNull();
    expect(missingPermission('PromoteRelease', tenants.me('ben', 'acme'), permissions)).toBeNull();
  });
  test('Missing_WhatIsAboutOneself_NeedsNoRole', () =>
    expect(missingPermission('CreateToken', { ...tenants.me('cleo', 'acme'), permissions: [] }, permissions)).toBeNull());
  test('Table_IsRead_AsTheServerHasIt', () => {
    expect(permissions.find((p) => p.name === 'members.write')).toMatchObject({ roles: [] });
    expect(permissions.find((p) => p.name === 'decisions.decide')?.roles).toEqual(['reviewer']);
  });
});

describe('roles and workspaces', () => {
  test('Roles_AddUp_WhateverTheirOrder', () => {
    expect(withRole(['viewer'], 'admin', true)).toEqual(['viewer', 'admin']);
    expect(withRole(['viewer', 'admin'], 'viewer', false)).toEqual(['admin']);
    expect(sameRoles(['viewer', 'admin'], ['admin', 'viewer'])).toBe(true);
    expect(sameRoles(['viewer'], ['viewer', 'admin'])).toBe(false);
  });
  test('Recent_NewestFirst_EachOnce_SixAtMost', () => {
    expect(withRecent(['a', 'b', 'c'], 'c')).toEqual(['c', 'a', 'b']);
    expect(withRecent(['1', '2', '3', '4', '5', '6'], '7')).toEqual(['7', '1', '2', '3', '4', '5']);
  });
  test.each(['', '-a', 'a b', 'a/b', 'x'.repeat(65)])('Workspace_%s_IsNoName', (name) => expect(workspaceName.test(name)).toBe(false));
  test('InvitationLink_KeepsItsSecretBehindTheHash', () =>
    expect(new URL(invitationLink('http://h', 'a b', 'psi_1')).search).toBe('?workspace=a%20b'));
});

describe('audit log', () => {
  test('Search_TakesWhatItKnows_AndNothingElse', () =>
    expect(readSearch({ user: ' ana ', action: '', resource: 7, other: 'x', from: null })).toEqual({ user: 'ana', resource: '7' }));
  test('Filter_TimesBecomeInstants_UnreadableOnesAreLeftOut', () =>
    expect(filterOf({ user: 'ana', from: '2026-11-21T08:00:00Z', until: 'soon' })).toEqual({
      user: 'ana',
      from: '2026-11-21T08:00:00.000Z',
    }));
  test('Range_Backwards_IsSaid', () => {
    expect(rangeProblem({ from: '2026-11-21T08:00', until: '2026-11-21T08:00' })).toBe('It ends before it begins.');
    expect(rangeProblem({ from: '2026-11-21T08:00' })).toBeNull();
  });
  test('Outcome_ARefusalKeepsItsCode', () => {
    expect(outcome('refused: plan.own-author')).toEqual({ tone: 'hold', text: 'Refused', code: 'plan.own-author' });
    expect(outcome('read')).toEqual({ tone: 'plain', text: 'Read', code: null });
  });
  test('Page_OfAReleaseIsTheReleases_OfTheLogIsNone', () => {
    const page = (resource: string) => pageOf({ resource } as never);
    expect(page('projects/shop/releases/3/abort')).toBe('/projects/shop/releases/3');
    expect(page('projects/shop/plans/2/approve')).toBe('/projects/shop/plan/2');
    expect(page('projects/shop/freeze')).toBe('/projects/shop');
    expect(page('admin/audit-logs')).toBeNull();
  });
  test('Head_IsNumberAndHash', () => {
    expect(headPattern.test(`12:${'a'.repeat(64)}`)).toBe(true);
    expect(headPattern.test(`12:${'a'.repeat(63)}`)).toBe(false);
  });
});

describe('the chain as a picture', () => {
  const whole = (pieces: { from: number; to: number }[]) => {
    expect(pieces[0]!.from).toBe(0);
    expect(pieces.at(-1)!.to).toBeCloseTo(1);
    pieces.slice(1).forEach((p, i) => expect(p.from).toBeCloseTo(pieces[i]!.to));
  };
  test('Whole_IsOnePiece', () => expect(chainPicture(1000, [])).toEqual([{ from: 0, to: 1, seq: null, kind: null }]));
  test('Faults_StandWhereTheyAre_InOrder_WideEnoughToBeSeen', () => {
    const fault = (seq: number) => ({ seq, kind: 'altered', detail: '' });
    const pieces = chainPicture(1_000_000, [fault(900_000), fault(1), fault(500_000)]);
    whole(pieces);
    const broken = pieces.filter((p) => p.seq !== null);
    expect(broken.map((p) => p.seq)).toEqual([1, 500_000, 900_000]);
    for (const p of broken) expect(p.to - p.from).toBeGreaterThan(0.011);
    expect(broken[1]!.from).toBeCloseTo(0.494);
  });
  test('Fault_BehindTheLastRow_MakesTheBandLonger', () => {
    const pieces = chainPicture(10, [{ seq: 20, kind: 'cut-off', detail: '' }]);
    whole(pieces);
    expect(pieces.at(-1)!.seq).toBe(20);
  });
});
