import { who } from '../../app/format.ts';
import type { PlanView, ProjectView, ReleaseView, StageState, StageView } from '../../api/types.ts';

/** A stop of the pipeline picture. */
export interface Station {
  name: string;
  label: string;
  state: StageState;
  verdict: string | null;
  startedAt: string | null;
  endedAt: string | null;
  figures: Record<string, number>;
  detail: string | null;
  /** Share of production traffic that a release has when this stop is passed, 0–100. */
  weight: number;
}

const labels: Record<string, string> = {
  import: 'Import',
  audit: 'Audit',
  plan: 'Plan',
  approve: 'Approve',
  build: 'Build',
  staging: 'Staging',
  gates: 'Gates',
  approval: 'Approval',
  'start-production': 'Start',
  production: 'Production',
};

export function stationLabel(name: string): string {
  const canary = canaryWeight(name);
  return canary !== null ? `${canary} %` : (labels[name] ?? name.charAt(0).toUpperCase() + name.slice(1).replace(/-/g, ' '));
}

export function canaryWeight(name: string): number | null {
  const match = /^canary-(\d+(?:\.\d+)?)$/.exec(name);
  return match ? Number(match[1]) : null;
}

function station(name: string, state: StageState, rest: Partial<Station> = {}): Station {
  return {
    name,
    label: stationLabel(name),
    state,
    verdict: null,
    startedAt: null,
    endedAt: null,
    figures: {},
    detail: null,
    weight: 0,
    ...rest,
  };
}

function ofStage(stage: StageView): Station {
  return station(stage.name, stage.state, {
    verdict: stage.verdict ?? null,
    startedAt: stage.startedAt ?? null,
    endedAt: stage.endedAt ?? null,
    figures: stage.figures ?? {},
    detail: stage.detail ?? null,
    weight: canaryWeight(stage.name) ?? (stage.name === 'production' ? 100 : 0),
  });
}

const usual = ['apply', 'staging', 'gates', 'canary-1', 'canary-5', 'canary-25', 'canary-100', 'production'];

/** Audit and plan are one job: a plan that failed without an audit failed in the audit. */
function beforeRelease(project: ProjectView, plan: PlanView | null, released: boolean): StageState[] {
  if (released) return ['done', 'done', 'done', 'done'];
  if (project.state === 'importing') return ['running', 'pending', 'pending', 'pending'];
  if (project.state === 'import-failed') return ['failed', 'pending', 'pending', 'pending'];
  switch (plan?.status) {
    case 'generating':
      return ['done', 'running', 'pending', 'pending'];
    case 'failed':
      return plan.auditDigest ? ['done', 'done', 'failed', 'pending'] : ['done', 'failed', 'pending', 'pending'];
    case 'ready':
      return ['done', 'done', 'done', 'running'];
    case 'approved':
      return ['done', 'done', 'done', 'done'];
    default:
      return ['done', 'pending', 'pending', 'pending'];
  }
}

/** The whole way of a project's newest change: what came before a release, then the release's own stages. */
export function stations(project: ProjectView, plan: PlanView | null, release: ReleaseView | null): Station[] {
  const states = beforeRelease(project, plan, release !== null);
  const said: Record<string, string> = plan
    ? { plan: `plan ${plan.number}`, ...(plan.approvedBy && { approve: `by ${who(plan.approvedBy)}` }) }
    : {};
  const before = ['import', 'audit', 'plan', 'approve'].map((name, i) =>
    station(name, states[i]!, { verdict: states[i] === 'done' ? (said[name] ?? null) : null }),
  );
  const stages =
    release && release.stages.length > 0
      ? release.stages.map(ofStage)
      : usual.map((name) => ofStage({ name, state: 'pending', figures: {} }));
  return inOrder([...before, ...stages]);
}

/**
 * Production's copy starts before the canary has traffic and ends with it. In the picture nothing is under way beyond what is still to come,
 * and nothing is reached beyond what failed.
 */
function inOrder(list: Station[]): Station[] {
  const stop = list.findIndex((s) => s.state === 'pending' || s.state === 'failed');
  if (stop < 0) return list;
  const beyond: StageState = list[stop]!.state === 'failed' ? 'skipped' : 'pending';
  return list.map((s, i) =>
    i > stop && (s.state === 'running' || s.state === 'failed')
      ? { ...s, state: beyond, verdict: null, startedAt: null, endedAt: null }
      : s,
  );
}

export interface Picture {
  /** Centre of each station along the way, in the picture's units. */
  centres: number[];
  /** Half the thickness of the band at each station. */
  halves: number[];
  /** The whole band, as an SVG path. */
  band: string;
  /** How far along the way the release has come. */
  reached: number;
  /** The way back, from where it was taken back to before the first traffic; null when nothing was taken back. */
  back: { from: number; to: number } | null;
  length: number;
}

/** Half the band's thickness: a thread while there is no traffic, the full band at 100 %; the root keeps 1 % visible. */
export function halfThickness(weight: number, thread: number, full: number): number {
  return thread + (full - thread) * Math.sqrt(Math.min(100, Math.max(0, weight)) / 100);
}

/** One layout for both directions: along the way, and across it. `vertical` only swaps the axes of the path. */
export function layoutPipeline(
  list: Station[],
  {
    pitch,
    across,
    thread = 1.5,
    full = 15,
    vertical = false,
  }: {
    pitch: number;
    across: number;
    thread?: number;
    full?: number;
    vertical?: boolean;
  },
): Picture {
  const centres = list.map((_, i) => (i + 0.5) * pitch);
  const halves = list.map((s) => halfThickness(s.weight, thread, full));
  const length = list.length * pitch;
  return {
    centres,
    halves,
    band: bandPath(centres, halves, across, length, vertical),
    reached: reachedAt(list, centres, length),
    back: wayBack(list, centres),
    length,
  };
}

function bandPath(centres: number[], halves: number[], across: number, length: number, vertical: boolean): string {
  if (centres.length === 0) return '';
  const at = (along: number, off: number) => {
    const [x, y] = vertical ? [across + off, along] : [along, across + off];
    return `${round(x)} ${round(y)}`;
  };
  const stops = [{ c: 0, h: halves[0]! }, ...centres.map((c, i) => ({ c, h: halves[i]! })), { c: length, h: halves[halves.length - 1]! }];
  const edge = (points: typeof stops, side: 1 | -1) =>
    points
      .slice(1)
      .map((p, i) => {
        const from = points[i]!;
        const mid = (from.c + p.c) / 2;
        return `C${at(mid, side * from.h)} ${at(mid, side * p.h)} ${at(p.c, side * p.h)}`;
      })
      .join('');
  return `M${at(0, -stops[0]!.h)}${edge(stops, -1)}L${at(length, stops[stops.length - 1]!.h)}${edge([...stops].reverse(), 1)}Z`;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** Up to the station that runs or failed; up to the end when all is done. */
function reachedAt(list: Station[], centres: number[], length: number): number {
  let reached = 0;
  list.forEach((s, i) => {
    if (s.state !== 'pending' && s.state !== 'skipped') reached = centres[i]!;
  });
  const last = list[list.length - 1];
  return last?.state === 'done' ? length : reached;
}

function wayBack(list: Station[], centres: number[]): Picture['back'] {
  const failed = list.findIndex((s) => s.state === 'failed' && s.weight > 0);
  if (failed < 0) return null;
  const first = list.findIndex((s) => s.weight > 0);
  return { from: centres[failed]!, to: centres[Math.max(0, first - 1)]! };
}
