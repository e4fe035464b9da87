/**
 * What the API says, in the words of the C# views (camelCase, enums as camelCase strings, times as ISO 8601 in UTC).
 * Anything a server of another version might leave out is optional here, so that the screens have to cope.
 */
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
  | 'queued' | 'building' | 'staging' | 'gates' | 'awaitingApproval' | 'startingProduction'
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

export interface SourceLocation {
  path: string;
  line?: number;
  column?: number;
}

export interface Gap {
  code: string;
  severity: 'info' | 'warning' | 'blocking';
  title: string;
  why: string;
  remediation: string;
  at?: SourceLocation | null;
  service?: string | null;
}

export interface Sourced {
  value: string;
  source: string;
}

export interface ServiceCommand {
  line: string;
  directory: string;
  source: string;
}

export interface ServiceAudit {
  name: string;
  path: string;
  kind: 'web' | 'worker' | 'static';
  language: string;
  languageVersion?: Sourced | null;
  packageManager?: Sourced | null;
  framework?: string | null;
  installCommand?: ServiceCommand | null;
  buildCommand?: ServiceCommand | null;
  startCommand?: ServiceCommand | null;
  port?: { number: number; variable?: string | null; source: string } | null;
  dockerfile?: { path: string; baseImages: string[]; user?: string | null } | null;
  healthPath?: Sourced | null;
  outputDirectory?: string | null;
  environmentVariables?: { name: string; required: boolean; default?: string | null; secret: boolean; readAt?: SourceLocation[] }[];
  migrations?: { tool: string; directory: string; count: number }[];
  tests?: { runner: string; files: number; command?: ServiceCommand | null } | null;
  dependsOn?: string[];
  needs?: string[];
}

export interface AuditReport {
  commit: string;
  source: string;
  services: ServiceAudit[];
  gaps: Gap[];
  tree?: { files: number; bytes: number } | null;
}

export interface PlanBlocker {
  id: string;
  code: string;
  title: string;
  why: string;
  remediation: string;
  environment?: string | null;
  service?: string | null;
  at?: SourceLocation | null;
  waivable: boolean;
}

export interface PlanStep {
  number: number;
  kind: string;
  environment: string;
  service?: string | null;
  title: string;
  reversibility: 'exact' | 'approximate' | 'withResidue' | 'notAtAll';
  wayBack: string;
  residue?: string | null;
}

export interface ServicePlan {
  name: string;
  path: string;
  kind: string;
  language: string;
  languageVersion?: string | null;
  framework?: string | null;
  install?: ServiceCommand | null;
  build?: ServiceCommand | null;
  start?: ServiceCommand | null;
  migrate?: ServiceCommand | null;
  test?: ServiceCommand | null;
  staticDirectory?: string | null;
  port?: { default: number; variable?: string | null } | null;
  health?: { path: string; interval: Span; timeout: Span; startDeadline: Span; failuresUntilUnhealthy: number } | null;
  limits?: { memoryMiB: number; maxProcesses: number; buildDeadline: Span; stopGrace: Span } | null;
  variables?: { name: string; state: string; value?: string | null; secret: boolean; source: string }[];
}

export interface PolicyProfile {
  name: string;
  version: number;
  approval: string;
  strategy: string;
  steps: CanaryStep[];
  judge: { policy: string; alpha: number };
  maxHold?: Span;
  freeze?: string;
  gates: string[];
  warmAfterPromotion?: Span;
  pinnedArtifacts?: number;
}

export interface PlanDocument {
  commit: string;
  digest: string;
  executionDigest?: string;
  policy: PolicyProfile;
  entry: string;
  environments: { name: string; services: ServicePlan[] }[];
  steps: PlanStep[];
  blockers: PlanBlocker[];
  notes?: Gap[];
  changes?: { path: string; before?: string | null; after?: string | null }[];
  carriesApproval?: boolean;
}

export interface Waiver {
  blocker: string;
  reason: string;
  expires?: Instant | null;
}

export interface PlanView {
  project?: string;
  number: number;
  status: 'generating' | 'ready' | 'approved' | 'failed' | string;
  commit?: string | null;
  version?: string | null;
  ref?: string | null;
  /** Who wrote the commit; who asked for the plan is `requestedBy`. */
  author?: string | null;
  subject?: string | null;
  summary?: string | null;
  auditDigest?: string | null;
  requestedBy?: string | null;
  requestedAt?: Instant | null;
  document?: PlanDocument | null;
  waivers?: Waiver[];
  approvedBy?: string | null;
  approvedAt?: Instant | null;
  carriedFrom?: number | null;
  problem?: string | null;
  stateVersion?: number;
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
