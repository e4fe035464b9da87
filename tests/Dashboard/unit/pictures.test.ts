import { describe, expect, test } from 'vitest';
import type { PlanView, ProjectView } from '../../../web/dashboard/src/api/types.ts';
import { evidencePath } from '../../../web/dashboard/src/features/Gates/evidencePicture.ts';
import { bandScale, niceCeiling, position, towardsBoundary } from '../../../web/dashboard/src/features/Gates/judgement.ts';
import { halfThickness, layoutPipeline, stations } from '../../../web/dashboard/src/features/Releases/pipelinePicture.ts';
import { areaPath } from '../../../web/dashboard/src/features/Telemetry/sparklinePicture.ts';
import { release, stages } from '../stand-in/release.ts';
import { plan } from '../stand-in/plan.ts';

const project: ProjectView = {
  key: 'project/default/shop',
  workspace: 'default',
  id: 'shop',
  source: 's',
  state: 'live',
  lastPlan: 1,
  lastRelease: 1,
  good: [],
  freeze: [],
  workspaceFreeze: [],
  frozenNow: false,
  createdAt: '2026-01-01T00:00:00Z',
  stateVersion: 1,
  variables: [],
  advisories: false,
};
const at = (stage: string, state: 'running' | 'failed' | 'done' = 'running') =>
  stations(
    project,
    plan({ project: 'shop', number: 1 }),
    release({ project: 'shop', number: 2, version: 'v2', stages: stages(1_000_000, stage, state) }),
  );
const wide = { pitch: 100, across: 34 };

describe('pipeline', () => {
  test('Stations_RunningCanary_WholeWayInOrder', () => {
    expect(at('canary-5').map((s) => s.name)).toEqual([
      'import',
      'audit',
      'plan',
      'approve',
      'apply',
      'staging',
      'gates',
      'canary-1',
      'canary-5',
      'canary-25',
      'canary-100',
      'production',
    ]);
    expect(
      at('canary-5')
        .map((s) => s.state)
        .join(' '),
    ).toBe('done done done done done done done done running pending pending pending');
  });
  test('Stations_PlanReady_ApproveIsWhereItStands', () => {
    const list = stations(project, plan({ project: 'shop', number: 1, status: 'ready', approvedBy: null }), null);
    expect(list.find((s) => s.state === 'running')?.name).toBe('approve');
  });
  test.each<[PlanView['status'], string | null, string]>([
    ['generating', null, 'running pending pending'],
    ['failed', null, 'failed pending pending'],
    ['failed', 'sha256:1', 'done failed pending'],
    ['approved', 'sha256:1', 'done done done'],
  ])('Stations_Plan%s_%s', (status, auditDigest, states) => {
    const list = stations({ ...project, state: 'imported' }, plan({ project: 'shop', number: 1, status, auditDigest }), null);
    expect(
      list
        .slice(1, 4)
        .map((s) => s.state)
        .join(' '),
    ).toBe(states);
  });
  test('Stations_ImportFails_NothingAfterIsDone', () => {
    const list = stations({ ...project, state: 'import-failed' }, null, null);
    expect(list[0]!.state).toBe('failed');
    expect(list.slice(1).every((s) => s.state === 'pending')).toBe(true);
  });
  test('Layout_ThicknessGrowsWithTraffic_AndOnePercentIsVisible', () => {
    const { halves } = layoutPipeline(at('canary-5'), wide);
    expect(halves).toEqual([...halves].sort((a, b) => a - b));
    expect(halfThickness(1, 1.5, 15) - halfThickness(0, 1.5, 15)).toBeGreaterThan(1);
    expect(halfThickness(100, 1.5, 15)).toBe(15);
  });
  test('Layout_CentresLieInTheirColumns', () => {
    const { centres, length } = layoutPipeline(at('canary-5'), wide);
    expect(centres).toEqual(centres.map((_, i) => i * 100 + 50));
    expect(length).toBe(1200);
  });
  test('Layout_Band_StaysInsideItsBox', () => {
    const { band, length } = layoutPipeline(at('canary-5'), wide);
    const numbers = band.match(/-?\d+(\.\d+)?/g)!.map(Number);
    const xs = numbers.filter((_, i) => i % 2 === 0);
    const ys = numbers.filter((_, i) => i % 2 === 1);
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([0, length]);
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([19, 49]);
  });
  test('Layout_Vertical_SwapsTheAxesOnly', () => {
    const swap = (path: string) => path.replace(/(-?[\d.]+) (-?[\d.]+)/g, '$2 $1');
    expect(swap(layoutPipeline(at('canary-5'), { ...wide, vertical: true }).band)).toBe(layoutPipeline(at('canary-5'), wide).band);
  });
  test('Layout_Reached_IsTheRunningStation_OrTheEndWhenDone', () => {
    expect(layoutPipeline(at('canary-5'), wide).reached).toBe(850);
    expect(layoutPipeline(at('production', 'done'), wide).reached).toBe(1200);
    expect(layoutPipeline([], wide)).toMatchObject({ reached: 0, band: '', back: null });
  });
  test('Stations_ProductionStartsBeforeTheCanary_TheWayIsReachedOnlyToTheCanary', () => {
    const early = stages(1_000_000, 'canary-1').map((s) =>
      s.name === 'production' ? { ...s, state: 'running' as const, startedAt: '2026-01-01T00:00:00Z' } : s,
    );
    const list = stations(project, null, release({ project: 'shop', number: 2, version: 'v2', stages: early }));
    expect(list.at(-1)!.state).toBe('pending');
    expect(layoutPipeline(list, wide).reached).toBe(750);
  });
  test('Stations_CanaryAborted_ProductionIsNotReached', () => {
    const ended = stages(1_000_000, 'canary-5', 'failed').map((s) =>
      s.name === 'production' ? { ...s, state: 'failed' as const, verdict: 'aborted', startedAt: '2026-01-01T00:00:00Z' } : s,
    );
    const list = stations(project, null, release({ project: 'shop', number: 2, version: 'v2', phase: 'ended', stages: ended }));
    expect(list.at(-1)).toMatchObject({ state: 'skipped', verdict: null });
    expect(layoutPipeline(list, wide).reached).toBe(850);
  });
  test('Layout_FailedCanary_ShowsTheWayBackToBeforeTraffic', () => {
    expect(layoutPipeline(at('canary-5', 'failed'), wide).back).toEqual({ from: 850, to: 650 });
    expect(layoutPipeline(at('staging', 'failed'), wide).back).toBeNull();
  });
});

describe('evidence', () => {
  const box = { width: 320, height: 84 };
  test('EvidencePath_AtTheBoundary_EndsOnItsLine', () => {
    const p = evidencePath([0, 2, 5.3], 5.3, box);
    expect(p.end.y).toBeCloseTo(p.boundaryY, 1);
    expect(p.zeroY).toBeGreaterThan(p.boundaryY);
  });
  test('EvidencePath_FarBeyond_StaysInTheBox', () => {
    const p = evidencePath([0, 50], 5.3, box);
    expect(p.end.y).toBeGreaterThanOrEqual(0);
    expect(p.boundaryY).toBeLessThan(box.height);
  });
  test('EvidencePath_ManyFavourableLooks_StayInTheBox', () => {
    const p = evidencePath([-1, -100], 5.3, box);
    expect(p.end.y).toBeLessThanOrEqual(box.height);
  });
  test('EvidencePath_OneLook_GoesFromZeroToIt', () => expect(evidencePath([1], 5.3, box).path).toMatch(/^M0 [\d.]+L294\.4 [\d.]+$/));
  test('TowardsBoundary_IsAShare', () =>
    expect([towardsBoundary(2.65, 5.3), towardsBoundary(-3, 5.3), towardsBoundary(9, 5.3), towardsBoundary(1, 0)]).toEqual([0.5, 0, 1, 0]));
  test('NiceCeiling_IsNotBelow_AndNotFarAbove', () => {
    for (const v of [0.003, 0.9, 1, 1.01, 7.6, 33, 640]) {
      expect(niceCeiling(v)).toBeGreaterThanOrEqual(v * 0.9999);
      expect(niceCeiling(v)).toBeLessThanOrEqual(v * 1.52);
    }
  });
  test('Position_OutsideTheScale_IsClamped', () => expect([position(-1, bandScale([1])), position(99, bandScale([1]))]).toEqual([0, 1]));
});

test('AreaPath_SpreadsOverTheWidth', () =>
  expect(areaPath([0, 0], [1, 2], { width: 10, height: 4, top: 2 })).toBe('M0.0 2.0L10.0 0.0L10.0 4.0L0.0 4.0Z'));
