/**
 * What the API says, in the words of the C# views (camelCase, enums as camelCase strings, times as ISO 8601 in UTC).
 * Anything a server of another version might leave out is optional here, so that the screens have to cope.
 */
export * from './planTypes.ts';

export type Instant = string;
/** "hh:mm:ss", "d.hh:mm:ss.fff", or seconds as a number. Read with `seconds()`. */
export type Span = string | number;

export interface Page<T> {
  items: T[];
  next?: string | number | null;
}

export interface StableVersion {
  release: number;
  version: string;
  commit: string;
  artifactDigest?: string;
  address?: string | null;
}

export interface ProjectView {
  key: string;
  workspace: string;
  id: string;
  source: string;
  defaultBranch?: string | null;
  head?: string | null;
  /** importing, import-failed, imported, waiting-for-plan, releasing, live. */
  state: string;
  problem?: string | null;
  stable?: StableVersion | null;
  activeRelease?: number | null;
  lastRelease?: number | null;
  lastPlan?: number | null;
  pendingPlan?: number | null;
  queuedRelease?: number | null;
  lastOutcome?: ReleaseOutcome | null;
  /** Versions that were promoted, newest first: what a rollback can go back to. */
  good?: StableVersion[];
  freeze?: { from: Instant; until: Instant; reason: string }[];
  frozenNow?: boolean;
  createdAt?: Instant;
  updatedAt?: Instant;
  stateVersion?: number;
}

export type ReleasePhase =
  | 'queued' | 'applying' | 'staging' | 'gates' | 'awaitingApproval' | 'startingProduction'
  | 'canary' | 'paused' | 'held' | 'promoting' | 'rollingBack' | 'ended';
export type ReleaseOutcome =
  | 'promoted' | 'fastPromoted' | 'rolledBack' | 'fastRolledBack' | 'aborted' | 'failed' | 'superseded';
export type HoldReason =
  | 'inconclusive' | 'frozen' | 'drift' | 'waiverExpired' | 'noMetrics' | 'attestationMissing' | 'pausedStep' | 'byPerson';
export type StageState = 'pending' | 'running' | 'done' | 'failed' | 'skipped';

export interface CanaryStep {
  weightPercent: number;
  minRequests: number;
  minBake: Span;
  maxBake: Span;
  pause: boolean;
}

export interface StageView {
  name: string;
  state: StageState;
  startedAt?: Instant | null;
  endedAt?: Instant | null;
  verdict?: string | null;
  figures?: Record<string, number> | null;
  detail?: string | null;
}

export type Verdict = 'inconclusive' | 'healthy' | 'unhealthy';

/** One metric's evidence. `statistic` at or beyond `boundary` shows harm; `low`–`high` is where the canary's true value lies. */
export interface MetricEvidence {
  metric: string;
  verdict: Verdict;
  stable?: number | null;
  canary?: number | null;
  low?: number | null;
  high?: number | null;
  statistic: number;
  boundary: number;
  unit: '%' | 'ms' | string;
  text: string;
  /** The value the canary has to stay under. */
  tolerated?: number | null;
}

export interface Judgement {
  verdict: Verdict;
  reason: string;
  metrics: MetricEvidence[];
  detectableErrorIncrease?: number | null;
  requestsForDecision?: number | null;
}

export interface ReleaseView {
  key: string;
  workspace: string;
  project: string;
  number: number;
  version: string;
  commit: string;
  kind: 'normal' | 'fastRollback' | 'rollback' | string;
  phase: ReleasePhase;
  outcome?: ReleaseOutcome | null;
  message?: string;
  stableVersion?: string | null;
  canaryWeightPercent: number;
  step: number;
  steps: CanaryStep[];
  stages: StageView[];
  judgement?: Judgement | null;
  allowed: string[];
  held?: HoldReason | null;
  attempt: number;
  planNumber: number;
  artifactDigest?: string | null;
  startedBy: string;
  startedAt: Instant;
  endedAt?: Instant | null;
  deadline?: Instant | null;
  verdictToStableMs?: number | null;
  stateVersion: number;
}

export interface TimelineEntry {
  seq: number;
  id: string;
  at: Instant;
  kind: string;
  actor: string;
  reason?: string | null;
  text: string;
  diff?: string | null;
  release?: number | null;
  project?: string | null;
  body?: unknown;
}

export interface Artifact {
  digest: string;
  commit?: string | null;
  service?: string | null;
  files?: number | null;
  buildSeconds?: number | null;
  sizeBytes?: number | null;
  createdAt?: Instant | null;
  pinned?: boolean;
  running?: boolean;
}

/** `t` is Unix seconds. Figures are of the one second `t`. */
export interface TrafficPoint {
  t: number;
  version: string;
  requests: number;
  errors: number;
  p50Ms?: number | null;
  p95Ms?: number | null;
  p99Ms?: number | null;
}

export interface VersionWeight {
  version: string;
  weightPercent: number;
}

export interface Traffic {
  environment?: string;
  /** Where the environment is reached; null before the router has a port for it. */
  url?: string | null;
  points: TrafficPoint[];
  weights: VersionWeight[];
}

export interface LogLine {
  at?: Instant | null;
  stream?: string | null;
  text: string;
}

/** Offsets are bytes since the first one written. */
export interface LogPage {
  items: (LogLine | string)[];
  from?: number;
  next?: number | null;
  /** Bytes before `from` that were thrown away when the log reached its limit. */
  skipped?: number;
}

export interface DecisionView {
  id?: string;
  kind: string;
  project: string;
  release?: number | null;
  plan?: number | null;
  title?: string | null;
  detail?: string | null;
  requestedBy?: string | null;
  author?: string | null;
  since?: Instant | null;
  at?: Instant | null;
  deadline?: Instant | null;
  allowed?: string[];
}

export interface GrainFigures {
  type: string;
  activations: number;
  callsPerSecond: number;
  latencyMs?: number | null;
  slowestMs?: number | null;
  errors?: number;
  calls?: number;
}

export interface OperationsView {
  grains: GrainFigures[];
  engine?: string | null;
  silo?: string | null;
  activations?: number;
  callsPerSecond?: number;
  startedAt?: Instant | null;
  /** Path of Orleans' own dashboard, where the engine has one. */
  orleansDashboard?: string | null;
}

export interface JobView {
  id: string;
  kind: string;
  state: string;
  owner?: string | null;
  project?: string | null;
  attempt?: number;
  attempts?: number;
  maxAttempts?: number;
  progress?: number | null;
  progressText?: string | null;
  error?: string | null;
  enqueuedAt?: Instant | null;
  createdAt?: Instant | null;
  startedAt?: Instant | null;
  endedAt?: Instant | null;
  nextAt?: Instant | null;
  leasedBy?: string | null;
  argument?: unknown;
  result?: unknown;
  log?: { n: number; attempt: number; at: Instant; line: string }[];
}

export interface ReminderView {
  grain: string;
  name: string;
  next?: Instant | null;
  startAt?: Instant | null;
  periodSeconds?: number | null;
}

/** What a mutation answers: the grain's key, its version, and the key of what it set going. */
export interface CommandAnswer {
  key: string;
  version: number;
  started?: string | null;
}

export interface Problem {
  type?: string;
  title?: string;
  detail?: string;
  status?: number;
  requestId?: string;
  next?: string;
}
