import type {
  Artifact, AuditReport, CommandAnswer, DecisionView, JobView, LogPage, OperationsView, Page, PlanView, ProjectView, ReleaseView, ReminderView,
  TimelineEntry, Traffic, Waiver,
} from './types.ts';

/** The shape openapi-typescript gives an operation, so that the generated file can take this one's place. */
interface Ok<T> {
  200: { headers: Record<string, unknown>; content: { 'application/json': T } };
}
type Query = Record<string, string | number | boolean | undefined>;
interface Operation<Path, T> {
  parameters: { query?: Query; header?: Record<string, string>; path: Path; cookie?: never };
  responses: Ok<T>;
}
interface Get<Path, T> {
  get: Operation<Path, T>;
}
interface Post<Path, Body, T = CommandAnswer> {
  post: Operation<Path, T> & { requestBody: { content: { 'application/json': Body } } };
}
type None = Record<string, never>;
interface Id {
  id: string;
}
interface Numbered extends Id {
  n: string | number;
}
export interface WithReason {
  reason: string;
}

export interface Paths {
  '/v1/projects': Get<None, Page<ProjectView>> & Post<None, { source: string; name?: string }>;
  '/v1/projects/{id}': Get<Id, ProjectView>;
  '/v1/projects/{id}/releases': Get<Id, Page<ReleaseView>> & Post<Id, { ref?: string; reason?: string }>;
  '/v1/projects/{id}/releases/{n}': Get<Numbered, ReleaseView>;
  '/v1/projects/{id}/timeline': Get<Id, Page<TimelineEntry>>;
  '/v1/projects/{id}/plans': Get<Id, Page<PlanView>> & Post<Id, { ref?: string; reason?: string }>;
  '/v1/projects/{id}/plans/{n}': Get<Numbered, PlanView>;
  '/v1/projects/{id}/audit': Get<Id, AuditReport>;
  '/v1/projects/{id}/artifacts': Get<Id, Page<Artifact>>;
  '/v1/projects/{id}/traffic': Get<Id, Traffic>;
  '/v1/projects/{id}/logs': Get<Id, LogPage>;
  '/v1/runs': Get<None, Page<ReleaseView>>;
  '/v1/decisions': Get<None, Page<DecisionView>>;
  '/v1/operations/grains': Get<None, OperationsView>;
  '/v1/operations/jobs': Get<None, Page<JobView>>;
  '/v1/operations/jobs/{id}': Get<Id, JobView>;
  '/v1/operations/reminders': Get<None, Page<ReminderView>>;
  '/v1/projects/{id}/plans/{n}/approve': Post<Numbered, WithReason & { digest?: string; waivers: Waiver[] }>;
  '/v1/projects/{id}/releases/{n}/approve': Post<Numbered, WithReason>;
  '/v1/projects/{id}/releases/{n}/promote': Post<Numbered, WithReason & { full?: boolean }>;
  '/v1/projects/{id}/releases/{n}/pause': Post<Numbered, WithReason>;
  '/v1/projects/{id}/releases/{n}/resume': Post<Numbered, WithReason>;
  '/v1/projects/{id}/releases/{n}/abort': Post<Numbered, WithReason>;
  '/v1/projects/{id}/releases/{n}/retry': Post<Numbered, WithReason>;
  '/v1/projects/{id}/rollback': Post<Id, WithReason & { version?: string }>;
  '/v1/operations/jobs/{id}/retry': Post<Id, Record<string, never>>;
  '/v1/operations/jobs/{id}/replay': Post<Id, Record<string, never>>;
}
