import { describe, expect, test } from 'vitest';
import type { PlanView, ProjectView, ReleaseView, TimelineEntry, TrafficPoint } from '../../../web/dashboard/src/api/types.ts';
import { reduceQuery } from '../../../web/dashboard/src/live/apply.ts';
import type { LiveEvent } from '../../../web/dashboard/src/live/events.ts';
import {
  mergePoints,
  mergeTimeline,
  newer,
  reduceEvidence,
  reduceOperations,
  reduceProjects,
  reducePlan,
  reduceRelease,
  reduceReleases,
  reduceRuns,
  reduceTimeline,
  reduceTraffic,
} from '../../../web/dashboard/src/live/reducers.ts';
import { plan } from '../stand-in/plan.ts';
import { judgement, release } from '../stand-in/release.ts';

const r = (over: Partial<ReleaseView> = {}) => release({ project: 'shop', number: 1, version: 'v1', ...over });
const view = (
  kind: string,
  body: { stateVersion?: number; project?: string; id?: string; key?: string },
  version = body.stateVersion ?? 1,
): LiveEvent => ({ type: 'view', kind, key: body.key ?? '', project: body.project ?? body.id ?? null, version, body });
const entry = (seq: number, project = 'shop'): TimelineEntry => ({
  seq,
  key: `release/default/${project}/1`,
  version: seq,
  body: null,
  project,
  id: `release/default/${project}/1@${seq}.0`,
  at: '2026-01-01T00:00:00Z',
  kind: 'note',
  actor: 'system:judge',
  text: `entry ${seq}`,
});
const point = (t: number, version: string, requests = 10): TrafficPoint => ({ t, version, requests, errors: 0, faults: 0 });

describe('views', () => {
  test('Newer_OlderVersionArrivesLate_IsDropped', () => {
    const have = r({ stateVersion: 7, message: 'now' });
    expect(reduceRelease(have, view('release', r({ stateVersion: 6, message: 'before' })))).toBe(have);
  });
  test('Newer_HigherVersion_Replaces', () => {
    expect(reduceRelease(r({ stateVersion: 7 }), view('release', r({ stateVersion: 8, message: 'next' }))).message).toBe('next');
  });
  test('Newer_BodyWithoutVersion_TakesTheMessages', () => {
    const project = {
      key: 'project/default/shop',
      workspace: 'default',
      id: 'shop',
      source: 's',
      state: 'live',
      lastPlan: 1,
      lastRelease: 1,
      good: [],
      freeze: [],
      frozenNow: false,
      createdAt: '2026-01-01T00:00:00Z',
      variables: [],
    } as unknown as ProjectView;
    const after = reduceProjects([{ ...project, stateVersion: 3 }], view('project', project, 4));
    expect(after[0]!.stateVersion).toBe(4);
    expect(reduceProjects(after, view('project', { ...project, state: 'importing' } as ProjectView, 2))).toBe(after);
  });
  test('Newer_NothingThereYet_Takes', () => expect(newer(undefined, r()).number).toBe(1));
  test('ReduceRelease_OtherRelease_LeavesTheReference', () => {
    const have = r();
    expect(reduceRelease(have, view('release', r({ number: 2, stateVersion: 99 })))).toBe(have);
    expect(reduceRelease(have, view('release', r({ project: 'ledger', stateVersion: 99 })))).toBe(have);
  });
  test('ReduceReleases_NewRelease_ComesFirst', () => {
    expect(reduceReleases([r()], view('release', r({ number: 2 })), 'shop').map((x) => x.number)).toEqual([2, 1]);
    expect(reduceReleases([r()], view('release', r({ number: 2, project: 'ledger' })), 'shop')).toHaveLength(1);
  });
  test('ReduceReleases_DoesNotTouchWhatItWasGiven', () => {
    const list = Object.freeze([Object.freeze(r())]) as ReleaseView[];
    expect(reduceReleases(list, view('release', r({ stateVersion: 5 })), 'shop')[0]!.stateVersion).toBe(5);
    expect(list[0]!.stateVersion).toBe(1);
  });
  test('ReduceRuns_ReleaseEnds_MovesFromActiveToEnded', () => {
    const event = view('release', r({ phase: 'ended', outcome: 'promoted', stateVersion: 2 }));
    expect(reduceRuns([r()], event, 'active')).toEqual([]);
    expect(reduceRuns([], event, 'ended').map((x) => x.outcome)).toEqual(['promoted']);
  });
  test('ReduceRuns_StaleEnd_DoesNotRemoveARetry', () => {
    const retried = r({ attempt: 2, stateVersion: 9 });
    expect(reduceRuns([retried], view('release', r({ phase: 'ended', stateVersion: 8 })), 'active')).toEqual([retried]);
  });
  test('ReducePlan_ViewWithoutDocument_KeepsTheDocument', () => {
    const have = plan({ project: 'shop', number: 1, status: 'ready' });
    const after = reducePlan(have, view('plan', { ...have, status: 'approved', document: undefined, stateVersion: 2 } as PlanView), 'shop');
    expect(after.status).toBe('approved');
    expect(after.document).toBe(have.document);
  });
});

describe('timeline', () => {
  test('MergeTimeline_OutOfOrderAndTwice_IsInOrderAndOnce', () => {
    const list = mergeTimeline(mergeTimeline([], [entry(3), entry(1)]), [entry(2), entry(3)]);
    expect(list.map((e) => e.seq)).toEqual([3, 2, 1]);
  });
  test('MergeTimeline_NothingNew_LeavesTheReference', () => {
    const list = mergeTimeline([], [entry(1)]);
    expect(mergeTimeline(list, [entry(1)])).toBe(list);
  });
  test('ReduceTimeline_ProjectOnlyInTheId_IsFound', () => {
    expect(reduceTimeline([], { type: 'timeline', entry: entry(1) }, 'shop')).toHaveLength(1);
    expect(reduceTimeline([], { type: 'timeline', entry: entry(1, 'ledger') }, 'shop')).toHaveLength(0);
  });
  test('MergeTimeline_AnyOrderOfArrival_GivesTheSame', () => {
    const all = [1, 2, 3, 4, 5, 6].map((n) => entry(n));
    const expected = mergeTimeline([], all);
    for (const order of [
      [5, 0, 3, 1, 4, 2],
      [1, 0, 2, 5, 4, 3],
      [2, 4, 0, 5, 1, 3],
    ]) {
      expect(order.reduce<TimelineEntry[]>((list, i) => mergeTimeline(list, [all[i]!]), [])).toEqual(expected);
    }
  });
});

describe('traffic', () => {
  test('MergePoints_SameSecondAgain_ReplacesInsteadOfAdding', () => {
    const list = mergePoints([point(1, 'a', 10)], [point(1, 'a', 12), point(1, 'b', 1)]);
    expect(list).toEqual([point(1, 'a', 12), point(1, 'b', 1)]);
  });
  test('MergePoints_OlderThanTheWindow_AreForgotten', () => {
    expect(mergePoints([point(1, 'a'), point(50, 'a')], [point(100, 'a')], 60).map((p) => p.t)).toEqual([50, 100]);
  });
  test('ReduceTraffic_OtherEnvironment_IsIgnored', () => {
    const have = { environment: 'production', points: [], weights: [] };
    expect(
      reduceTraffic(have, { type: 'traffic', project: 'shop', environment: 'staging', points: [point(1, 'a')] }, 'shop', 'production'),
    ).toBe(have);
  });
  test('ReduceTraffic_WithoutWeights_KeepsThem', () => {
    const have = { environment: 'production', points: [], weights: [{ version: 'v1', weightPercent: 100, inFlight: 0, reachable: true }] };
    expect(
      reduceTraffic(have, { type: 'traffic', project: 'shop', environment: 'production', points: [point(1, 'a')] }, 'shop', 'production')
        .weights,
    ).toBe(have.weights);
  });
});

describe('evidence and operations', () => {
  test('ReduceEvidence_EachLook_IsKeptOnce', () => {
    const one = r({ judgement: judgement(1, false), stateVersion: 1 });
    const two = r({ judgement: judgement(2, false), stateVersion: 2 });
    const history = [one, one, two].reduce((h, x) => reduceEvidence(h, x, 5), [] as ReturnType<typeof reduceEvidence>);
    expect(history.map((h) => h.version)).toEqual([1, 2]);
  });
  test('ReduceEvidence_NoJudgement_ChangesNothing', () => {
    const history: never[] = [];
    expect(reduceEvidence(history, r(), 5)).toBe(history);
  });
  test('ReduceOperations_PartialMessage_KeepsTheRest', () => {
    const have = {
      grains: [{ type: 'release', activations: 1, calls: 9, callsPerSecond: 2, errors: 0 }],
      engine: 'embedded',
      activations: 1,
      callsPerSecond: 2,
      startedAt: '2026-01-01T00:00:00Z',
    };
    expect(reduceOperations(have, { type: 'operations', callsPerSecond: 9 })).toEqual({ ...have, callsPerSecond: 9 });
  });
  test('ReduceQuery_EventOfAnotherKind_LeavesEveryReference', () => {
    const data = { some: 'thing' };
    for (const key of ['projects', 'project', 'releases', 'release', 'runs', 'plans', 'plan', 'timeline', 'traffic', 'jobs', 'decisions']) {
      expect(reduceQuery([key, 'shop', 'production'], data, { type: 'operations' })).toBe(data);
    }
  });
});
