import type { CanaryStep, Instant, Span } from './types.ts';

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
