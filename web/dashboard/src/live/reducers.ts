import type {
  JobRow,
  Judgement,
  OperationsView,
  PlanView,
  ProjectView,
  ReleaseView,
  TimelineEntry,
  Traffic,
  TrafficPoint,
} from '../api/types.ts';
import { projectOfEntry, type LiveEvent, type ViewEvent } from './events.ts';

/**
 * Every function here is `(what the screen has, what happened) → what the screen has now`. No clock, no network, no React.
 * Nothing changed means the same reference comes back, so nothing is drawn again.
 */

interface Versioned {
  stateVersion?: number;
}

/** Each reconnect sends the present state again and REST answers race with the hub: the higher version wins, whoever brings it. */
export function newer<T extends Versioned>(have: T | undefined | null, come: T): T {
  if (!have) return come;
  return (come.stateVersion ?? Infinity) >= (have.stateVersion ?? -1) ? come : have;
}

function bodyOf<T extends Versioned>(event: ViewEvent): T {
  const body = event.body as T;
  return body.stateVersion === undefined ? { ...body, stateVersion: event.version } : body;
}

function put<T extends Versioned>(list: T[], come: T, same: (one: T) => boolean, first: boolean): T[] {
  const at = list.findIndex(same);
  if (at < 0) return first ? [come, ...list] : [...list, come];
  const next = newer(list[at], come);
  return next === list[at] ? list : list.with(at, next);
}

const isView = (event: LiveEvent, kind: string): event is ViewEvent => event.type === 'view' && event.kind === kind && !!event.body;

export function reduceProjects(list: ProjectView[], event: LiveEvent): ProjectView[] {
  if (!isView(event, 'project')) return list;
  const come = bodyOf<ProjectView>(event);
  return put(list, come, (p) => p.key === come.key || p.id === come.id, false);
}

export function reduceProject(have: ProjectView, event: LiveEvent): ProjectView {
  if (!isView(event, 'project')) return have;
  const come = bodyOf<ProjectView>(event);
  return come.id === have.id ? newer(have, come) : have;
}

export function reduceReleases(list: ReleaseView[], event: LiveEvent, project: string): ReleaseView[] {
  if (!isView(event, 'release')) return list;
  const come = bodyOf<ReleaseView>(event);
  return come.project === project ? put(list, come, (r) => r.number === come.number, true) : list;
}

export function reduceRelease(have: ReleaseView, event: LiveEvent): ReleaseView {
  if (!isView(event, 'release')) return have;
  const come = bodyOf<ReleaseView>(event);
  return come.project === have.project && come.number === have.number ? newer(have, come) : have;
}

/** Runs that end leave the active list and enter the other. */
export function reduceRuns(list: ReleaseView[], event: LiveEvent, state: 'active' | 'ended'): ReleaseView[] {
  if (!isView(event, 'release')) return list;
  const come = bodyOf<ReleaseView>(event);
  const same = (r: ReleaseView) => r.project === come.project && r.number === come.number;
  if ((come.phase === 'ended') === (state === 'ended')) return put(list, come, same, true);
  const have = list.find(same);
  return have && newer(have, come) === come ? list.filter((r) => !same(r)) : list;
}

export function reducePlans(list: PlanView[], event: LiveEvent, project: string): PlanView[] {
  if (!isView(event, 'plan') || event.project !== project) return list;
  const come = bodyOf<PlanView>(event);
  return put(list, come, (p) => p.number === come.number, true);
}

export function reducePlan(have: PlanView, event: LiveEvent, project: string): PlanView {
  if (!isView(event, 'plan') || event.project !== project) return have;
  const come = bodyOf<PlanView>(event);
  // A view for lists may come without the document; what is already here is the same plan's, and plans do not change.
  return come.number === have.number ? newer(have, { ...come, document: come.document ?? have.document }) : have;
}

/** Newest first, each entry once, in the order of the log whatever order they came in. */
export function mergeTimeline(list: TimelineEntry[], come: TimelineEntry[]): TimelineEntry[] {
  const known = new Set(list.map((e) => e.seq));
  const fresh = come.filter((e) => !known.has(e.seq));
  return fresh.length === 0 ? list : [...fresh, ...list].sort((a, b) => b.seq - a.seq);
}

export function reduceTimeline(list: TimelineEntry[], event: LiveEvent, project: string): TimelineEntry[] {
  if (event.type !== 'timeline' || projectOfEntry(event.entry) !== project) return list;
  return mergeTimeline(list, [event.entry]);
}

/** How far back charts look. */
export const trafficWindowSeconds = 600;

export function mergePoints(have: TrafficPoint[], come: TrafficPoint[], windowSeconds = trafficWindowSeconds): TrafficPoint[] {
  if (come.length === 0) return have;
  const byKey = new Map(have.map((p) => [`${p.t} ${p.version}`, p]));
  for (const p of come) byKey.set(`${p.t} ${p.version}`, p);
  const all = [...byKey.values()].sort((a, b) => a.t - b.t || (a.version < b.version ? -1 : a.version > b.version ? 1 : 0));
  const from = all[all.length - 1]!.t - windowSeconds;
  return all[0]!.t >= from ? all : all.filter((p) => p.t >= from);
}

export function reduceTraffic(have: Traffic, event: LiveEvent, project: string, environment: string): Traffic {
  if (event.type !== 'traffic' || event.project !== project || event.environment !== environment) return have;
  return { ...have, points: mergePoints(have.points, event.points ?? []), weights: event.weights ?? have.weights };
}

export interface EvidencePoint {
  version: number;
  at: number;
  step: number;
  judgement: Judgement;
}

/** The judge's looks one after another, so that the evidence can be drawn as it moves towards its boundary. */
export function reduceEvidence(history: EvidencePoint[], release: ReleaseView, at: number): EvidencePoint[] {
  const judgement = release.judgement;
  const last = history[history.length - 1];
  if (!judgement || (last && last.version >= release.stateVersion && JSON.stringify(last.judgement) === JSON.stringify(judgement)))
    return history;
  const point = { version: release.stateVersion, at, step: release.step, judgement };
  return [...history.slice(-599), point];
}

export function reduceOperations(have: OperationsView, event: LiveEvent): OperationsView {
  if (event.type !== 'operations') return have;
  const { type: _, ...figures } = event;
  return { ...have, ...figures, grains: figures.grains ?? have.grains };
}

export function reduceJobs(list: JobRow[], event: LiveEvent, state: string): JobRow[] {
  if (!isView(event, 'job')) return list;
  const come = bodyOf<JobRow & Versioned>(event);
  if (state && come.state !== state) return list.some((j) => j.id === come.id) ? list.filter((j) => j.id !== come.id) : list;
  return put<JobRow & Versioned>(list, come, (j) => j.id === come.id, true);
}
