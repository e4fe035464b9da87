import { describe, expect, test } from 'vitest';
import type { ProjectView, TrafficPoint } from '../../../web/dashboard/src/api/types.ts';
import { allowedActions, commandOf } from '../../../web/dashboard/src/features/Releases/actions.ts';
import { headlineIn } from '../../../web/dashboard/src/features/Releases/phase.ts';
import { rollbackTargets } from '../../../web/dashboard/src/features/Releases/rollbackTargets.ts';
import { endOf, latest, rolling } from '../../../web/dashboard/src/features/Telemetry/series.ts';
import { shares } from '../../../web/dashboard/src/features/Traffic/weights.ts';
import { appendPage, emptyTail, keptLines } from '../../../web/dashboard/src/features/Deploy/logLines.ts';
import { shorten } from '../../../web/dashboard/src/features/Audit/shorten.ts';
import { windowProblem } from '../../../web/dashboard/src/features/Projects/freezeWindows.ts';
import { isOwn } from '../../../web/dashboard/src/features/Plans/decisions.ts';
import { reconnectDelay } from '../../../web/dashboard/src/live/connection.ts';
import { readDiff } from '../../../web/dashboard/src/features/Audit/diff.ts';
import { release } from '../stand-in/release.ts';

const p = (t: number, version: string, requests: number, errors = 0, p95Ms = 20): TrafficPoint => ({
  t,
  version,
  requests,
  errors,
  faults: 0,
  p95Ms,
});

describe('series', () => {
  test('Rolling_WindowSlides_EachPointCountsForItsSeconds', () => {
    const { times, byVersion } = rolling([p(10, 'a', 100, 1)], ['a'], { end: 15, seconds: 8, smooth: 3 }, (f) => f.errorRatePercent);
    expect(times).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15]);
    expect(byVersion.get('a')).toEqual([null, null, null, 1, 1, 1, null, null, null]);
  });
  test('Rolling_PointsBeforeTheWindow_StillSmoothItsStart', () => {
    const { byVersion } = rolling([p(5, 'a', 30)], ['a'], { end: 10, seconds: 4, smooth: 3 }, (f) => f.requestsPerSecond);
    expect(byVersion.get('a')).toEqual([10, 10, null, null, null]);
  });
  test('Rolling_EqualsTheSumOfItsSeconds', () => {
    const points = Array.from({ length: 120 }, (_, i) => p(i, 'a', (i * 37) % 11, (i * 13) % 3, 10 + (i % 7)));
    const { times, byVersion } = rolling(points, ['a'], { end: 119, seconds: 60, smooth: 10 }, (f) => f.requests);
    times.forEach((t, i) =>
      expect(byVersion.get('a')![i]).toBe(points.filter((x) => x.t > t - 10 && x.t <= t).reduce((s, x) => s + x.requests, 0)),
    );
  });
  test('Latest_WeightsLatencyByRequests', () =>
    expect(latest([p(9, 'a', 90, 9, 10), p(10, 'b', 10, 0, 110)], 10, 10)).toMatchObject({
      requests: 100,
      errorRatePercent: 9,
      p95Ms: 20,
    }));
  test('Latest_NoTraffic_IsUnknownNotZero', () =>
    expect(latest([], 10, 10)).toMatchObject({ errorRatePercent: null, p95Ms: null, requestsPerSecond: 0 }));
  test('EndOf_SilentRouter_TimeGoesOn', () => expect([endOf([p(100, 'a', 1)], 101), endOf([p(100, 'a', 1)], 200)]).toEqual([100, 197]));
});

describe('shares', () => {
  const running = release({ project: 'shop', number: 2, version: 'v2', stableVersion: 'v1', canaryWeightPercent: 5 });
  test('Shares_RunningCanary_TheOrderCounts', () =>
    expect(shares(running, 'v1').map((s) => [s.version, s.weightPercent, s.role])).toEqual([
      ['v1', 95, 'stable'],
      ['v2', 5, 'canary'],
    ]));
  test('Shares_FirstRelease_HasNoStable', () =>
    expect(shares({ ...running, stableVersion: null, canaryWeightPercent: 100 }, null)).toEqual([
      { version: 'v2', weightPercent: 100, role: 'canary' },
    ]));
  test('Shares_NothingInProduction_IsEmpty', () => expect(shares(null, null)).toEqual([]));
});

describe('actions', () => {
  test('Allowed_PromoteBringsPromoteFull_InAFixedOrder', () =>
    expect(
      allowedActions(release({ project: 'p', number: 1, version: 'v', allowed: ['abort', 'pause', 'promote'] })).map((a) => a.name),
    ).toEqual(['promote', 'promoteFull', 'pause', 'abort']));
  test('Allowed_UnknownVerb_IsLeftOut', () =>
    expect(allowedActions(release({ project: 'p', number: 1, version: 'v', allowed: ['dance'] }))).toEqual([]));
  test('CommandOf_PromoteFull_IsPromoteWithFull', () => expect(commandOf('promoteFull')).toEqual({ verb: 'promote', full: true }));
  test('Headline_PromotedLongAgo_IsNotCalledInProduction', () => {
    const r = release({ project: 'p', number: 3, version: 'v3', phase: 'ended', outcome: 'promoted' });
    expect([headlineIn(r, 3).text, headlineIn(r, 4).text]).toEqual(['In production', 'Was promoted']);
  });
  test('RollbackTargets_OnlyGoodVersions_OnceEach_NotTheOneInProduction', () => {
    const good = ['v4', 'v2', 'v2', 'v1'].map((version, i) => ({ version, release: 9 - i, commit: 'c' }));
    expect(rollbackTargets({ stable: good[0], good } as ProjectView)).toEqual(['v2', 'v1']);
    expect(rollbackTargets({} as ProjectView)).toEqual([]);
  });
  test('IsOwn_AskedForWithOrWithoutPrefix', () => {
    const by = (requestedBy: string) => ({
      id: 'd',
      kind: 'plan-approval',
      project: 'p',
      title: 't',
      detail: '',
      allowed: [],
      requestedBy,
    });
    expect([isOwn(by('user:ana'), 'ana'), isOwn(by('ana'), 'ana'), isOwn(by('user:ben'), 'ana')]).toEqual([true, true, false]);
  });
});

describe('logs', () => {
  test('AppendPage_KeepsOnlyTheNewest_AndCountsTheRest', () => {
    const tail = appendPage(emptyTail, { lines: Array.from({ length: keptLines + 7 }, (_, i) => `line ${i}`), next: 99 });
    expect([tail.lines.length, tail.dropped, tail.lines[0]!.text, tail.next]).toEqual([keptLines, 7, 'line 7', 99]);
    expect(new Set(appendPage(tail, { lines: ['more'], next: 100 }).lines.map((l) => l.id)).size).toBe(keptLines);
  });
  test('AppendPage_ColourCodes_AreTakenOut', () =>
    expect(appendPage(emptyTail, { lines: ['\u001b[31mred\u001b[0m\r\n'], next: 1 }).lines[0]!.text).toBe('red'));
  test('AppendPage_NothingNew_LeavesTheReference', () => expect(appendPage(emptyTail, { lines: [], next: 0 })).toBe(emptyTail));
});

test('ReconnectDelay_GrowsToFiveSeconds_AndSpreads', () => {
  expect([0, 1, 2, 3, 4, 5, 500].map((n) => reconnectDelay(n, 0.5))).toEqual([250, 500, 1000, 2000, 3000, 5000, 5000]);
  expect(reconnectDelay(0, 0)).toBeLessThan(reconnectDelay(0, 1));
});

test('ReadDiff_EachReference_IsShortAndWhole', () => {
  expect(readDiff('commit:0123456789abcdef..fedcba9876543210')).toEqual({
    kind: 'commit',
    text: '012345678…fedcba987',
    title: '0123456789abcdef..fedcba9876543210',
  });
  expect(readDiff('plan:default/shop/3')).toEqual({ kind: 'plan', text: 'plan 3', project: 'shop', number: '3' });
  expect(readDiff('artifact:sha256:0123456789abcdef0123').text).toBe('sha256:0123456789ab…');
});

describe('settings and texts', () => {
  const draft = { from: '2026-12-24T18:00', until: '2026-12-27T06:00', reason: 'Christmas', weeklyIn: '', environment: '' };
  test.each([
    [{}, null],
    [{ from: '' }, 'from'],
    [{ until: '2026-12-24T17:00' }, 'until'],
    [{ reason: ' ' }, 'reason'],
    [{ weeklyIn: 'Europe/Berlin' }, null],
    [{ weeklyIn: 'Europe/Berlin', until: '2027-01-01T06:00' }, 'until'],
  ])('WindowProblem_%o_IsSaidAtItsField', (over, field) =>
    expect(windowProblem({ ...draft, ...over }, Date.parse('2026-12-01'))?.field ?? null).toBe(field),
  );
  test('WindowProblem_OverAlready_IsNoWindow', () => expect(windowProblem(draft, Date.parse('2027-01-01'))?.field).toBe('until'));
  test('Shorten_LongText_EndsAtAWord', () => {
    expect(shorten('The build failed: npm run build\nLast lines:\nerror TS2322')).toBe('The build failed: npm run build …');
    expect(shorten('short')).toBeNull();
    const cut = shorten(`${'word '.repeat(60)}`)!;
    expect(cut.length).toBeLessThan(140);
    expect(cut.endsWith('word …')).toBe(true);
  });
});
