/**
 * Short names for what the API says. The types themselves are made of web/openapi.json at each build (`npm run api`), so they cannot
 * fall behind it; what the JSON leaves out when it is null is optional there.
 */
import type { components, operations } from './schema.ts';

type Schemas = components['schemas'];

export type Instant = string;
/** A .NET TimeSpan: "hh:mm:ss" or "d.hh:mm:ss.fff". Read with `seconds()`. */
export type Span = string;

export type ProjectView = Schemas['ProjectView'];
export type FreezeWindow = Schemas['FreezeWindow'];
export type WorkspaceFreezeView = Schemas['WorkspaceFreezeView'];
export type ReleaseView = Schemas['ReleaseView'];
export type ReleasePhase = Schemas['ReleasePhase'];
export type HoldReason = NonNullable<Schemas['HoldReason']>;
export type StageView = Schemas['StageView'];
export type StageState = Schemas['StageState'];
export type CanaryStep = Schemas['CanaryStep'];
export type Verdict = Schemas['Verdict'];
export type Judgement = Schemas['Judgement'];
export type MetricEvidence = Schemas['MetricEvidence'];
export type TimelineEntry = Schemas['TimelineRow'];
export type Traffic = Schemas['TrafficAnswer'];
export type TrafficPoint = Schemas['TrafficPoint'];
export type LogPage = Schemas['LogAnswer'];
export type DecisionView = Schemas['Decision'];
export type OperationsView = Schemas['OperationsView'];
export type GrainFigures = Schemas['GrainFiguresView'];
export type ReminderView = Schemas['ReminderRow'];
export type JobRow = Schemas['JobRow'];
export type JobView = Schemas['JobView'];
export type JobState = NonNullable<operations['ListJobs']['parameters']['query']>['state'];
export type ServerView = Schemas['ServerView'];
export type RouterStatus = Schemas['RouterStatus'];

export type BlueprintView = Schemas['BlueprintView'];
export type BranchView = Schemas['BranchView'];
export type Saving = Schemas['Saving'];
export type ServiceUsage = Schemas['ServiceUsage'];
export type AuditReport = Schemas['AuditReport'];
export type ServiceAudit = Schemas['ServiceAudit'];
export type Gap = Schemas['Gap'];
export type SourceLocation = Schemas['SourceLocation'];
export type PlanView = Schemas['PlanView'];
export type PlanDocument = Schemas['PlanDocument'];
export type PlanBlocker = Schemas['PlanBlocker'];
export type PlanStep = Schemas['PlanStep'];
export type PolicyProfile = Schemas['PolicyProfile'];
export type ServicePlan = Schemas['ServicePlan'];
export type ServiceCommand = Schemas['ServiceCommand'];
export type Waiver = Schemas['Waiver'];

export type MeView = Schemas['MeView'];
export type Permission = Schemas['Permission'];
export type Role = Schemas['Role'];
export type MembersView = Schemas['MembersView'];
export type Member = Schemas['Member'];
export type Invitation = Schemas['Invitation'];
export type InvitationMade = Schemas['InvitationMade'];
export type SessionRow = Schemas['SessionRow'];
export type TokenRow = Schemas['TokenRow'];
export type TokenMade = Schemas['TokenMade'];
export type DeviceView = Schemas['DeviceView'];
export type SignInWay = Schemas['SignInWay'];
export type SignInFault = Schemas['SignInFault'];
export type ConnectionBody = Schemas['ConnectionBody'];
export type ConnectionView = Schemas['ConnectionView'];
export type GroupRole = Schemas['GroupRole'];
export type SamlSigned = NonNullable<Schemas['SamlSigned']>;
export type ConnectionTested = Schemas['ConnectionTested'];
export type ScimTokenMade = Schemas['ScimTokenMade'];
export type SessionView = Schemas['SessionView'];
export type SecondFactorView = Schemas['SecondFactorView'];
export type TotpStarted = Schemas['TotpStarted'];
export type PasskeyRow = Schemas['PasskeyRow'];
export type LoginView = Schemas['LoginView'];
export type WorkspacePolicy = Schemas['WorkspacePolicy'];
export type OrganisationItem = Schemas['OrganisationItem'];
export type OrganisationView = Schemas['OrganisationView'];
export type WebhookView = Schemas['WebhookView'];
export type WebhookMade = Schemas['WebhookMade'];
export type DeliveryView = Schemas['DeliveryView'];
export type DeliveryState = NonNullable<NonNullable<operations['ListDeliveries']['parameters']['query']>['state']>;
export type SecretView = Schemas['SecretView'];
export type SecretKind = Schemas['SecretKind'];
export type SecretVersion = Schemas['SecretVersion'];
export type Readiness = Schemas['Readiness'];
export type ReadinessItem = Schemas['ReadinessItem'];
export type FindingsPage = Schemas['FindingsPage'];
export type FindingView = Schemas['FindingView'];
export type FindingStanding = Schemas['FindingStanding'];
export type PerformanceView = Schemas['PerformanceView'];
export type PerformanceRunRow = Schemas['PerformanceRunRow'];
export type RouteView = Schemas['RouteView'];
export type GateWaiver = Schemas['GateWaiver'];
export type WaiverKind = Schemas['WaiverKind'];
export type TestsView = Schemas['TestsView'];
export type TestCase = Schemas['TestCase'];
export type TestOutcome = Schemas['TestOutcome'];
export type TestSeen = Schemas['TestSeen'];
export type TestRunRow = Schemas['TestRunRow'];
export type TestQuarantine = Schemas['TestQuarantine'];
export type FileCoverage = Schemas['FileCoverage'];
export type InfrastructureView = Schemas['InfrastructureView'];
export type InfrastructureChange = Schemas['InfrastructureChange'];
export type StateView = Schemas['StateView'];
export type AttestationView = Schemas['AttestationView'];
export type AttestationKeyView = Schemas['AttestationKeyView'];
export type Quota = Schemas['Quota'];
export type WorkspaceItem = Schemas['WorkspaceItem'];
export type AuditLine = Schemas['AuditLine'];
export type AuditArchiveState = Schemas['AuditArchiveState'];
export type AuditVerdict = Schemas['AuditVerdict'];
export type AuditFault = Schemas['AuditFault'];
export type AuditFilter = Omit<NonNullable<operations['ListAuditLog']['parameters']['query']>, 'after' | 'limit'>;

/** application/problem+json: any answer other than success. */
export type Problem = Partial<Schemas['Problem']>;
