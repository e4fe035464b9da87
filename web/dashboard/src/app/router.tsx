import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Link } from '@tanstack/react-router';
import { readSearch } from '../features/Audit/auditFilter.ts';
import { openProject } from '../features/Projects/openProject.ts';
import { invitationPath } from '../features/Tenants/invitation.ts';
import { Root } from './Shell.tsx';
import { Empty, Failure, Loading } from './States.tsx';

// Each screen is a chunk of its own, fetched when it is gone to and, by intent, when a link to it is pointed at or focused.
const AdministrationPage = lazyRouteComponent(() => import('../features/Jobs/AdministrationPage.tsx'), 'AdministrationPage');
const GrainsTab = lazyRouteComponent(() => import('../features/Jobs/AdministrationPage.tsx'), 'GrainsTab');
const JobPage = lazyRouteComponent(() => import('../features/Jobs/JobPage.tsx'), 'JobPage');
const JobsTab = lazyRouteComponent(() => import('../features/Jobs/JobsTab.tsx'), 'JobsTab');
const RemindersTab = lazyRouteComponent(() => import('../features/Jobs/RemindersTab.tsx'), 'RemindersTab');
const TimelineTab = lazyRouteComponent(() => import('../features/Audit/TimelineTab.tsx'), 'TimelineTab');
const ArtifactsTab = lazyRouteComponent(() => import('../features/Deploy/ArtifactsTab.tsx'), 'ArtifactsTab');
const ArtifactPage = lazyRouteComponent(() => import('../features/Supply/ArtifactPage.tsx'), 'ArtifactPage');
const KeysTab = lazyRouteComponent(() => import('../features/Supply/KeysTab.tsx'), 'KeysTab');
const LogsTab = lazyRouteComponent(() => import('../features/Deploy/LogsTab.tsx'), 'LogsTab');
const DecisionsPage = lazyRouteComponent(() => import('../features/Plans/DecisionsPage.tsx'), 'DecisionsPage');
const PlanTab = lazyRouteComponent(() => import('../features/Plans/PlanTab.tsx'), 'PlanTab');
const AuditLogTab = lazyRouteComponent(() => import('../features/Audit/AuditLogTab.tsx'), 'AuditLogTab');
const AuditTab = lazyRouteComponent(() => import('../features/Projects/AuditTab.tsx'), 'AuditTab');
const NowPage = lazyRouteComponent(() => import('../features/Projects/NowPage.tsx'), 'NowPage');
const OverviewTab = lazyRouteComponent(() => import('../features/Projects/OverviewTab.tsx'), 'OverviewTab');
const ProjectPage = lazyRouteComponent(() => import('../features/Projects/ProjectPage.tsx'), 'ProjectPage');
const ProjectsPage = lazyRouteComponent(() => import('../features/Projects/ProjectsPage.tsx'), 'ProjectsPage');
const LoginsTab = lazyRouteComponent(() => import('../features/Identity/LoginsTab.tsx'), 'LoginsTab');
const WorkspacesTab = lazyRouteComponent(() => import('../features/Tenants/WorkspacesTab.tsx'), 'WorkspacesTab');
const WebhooksTab = lazyRouteComponent(() => import('../features/Webhooks/WebhooksTab.tsx'), 'WebhooksTab');
const WebhookPage = lazyRouteComponent(() => import('../features/Webhooks/WebhookPage.tsx'), 'WebhookPage');
const SettingsTab = lazyRouteComponent(() => import('../features/Projects/SettingsTab.tsx'), 'SettingsTab');
const GatesPage = lazyRouteComponent(() => import('../features/Gates/GatesPage.tsx'), 'GatesPage');
const ReadinessTab = lazyRouteComponent(() => import('../features/Gates/ReadinessTab.tsx'), 'ReadinessTab');
const TestsTab = lazyRouteComponent(() => import('../features/Gates/TestsTab.tsx'), 'TestsTab');
const TestHistoryPage = lazyRouteComponent(() => import('../features/Gates/TestHistoryPage.tsx'), 'TestHistoryPage');
const FindingsTab = lazyRouteComponent(() => import('../features/Gates/FindingsTab.tsx'), 'FindingsTab');
const PerformanceTab = lazyRouteComponent(() => import('../features/Gates/PerformanceTab.tsx'), 'PerformanceTab');
const WaiversTab = lazyRouteComponent(() => import('../features/Gates/WaiversTab.tsx'), 'WaiversTab');
const InfrastructurePage = lazyRouteComponent(() => import('../features/Infrastructure/InfrastructurePage.tsx'), 'InfrastructurePage');
const EnvironmentsTab = lazyRouteComponent(() => import('../features/Infrastructure/EnvironmentsTab.tsx'), 'EnvironmentsTab');
const SecretsTab = lazyRouteComponent(() => import('../features/Secrets/SecretsTab.tsx'), 'SecretsTab');
const SecretPage = lazyRouteComponent(() => import('../features/Secrets/SecretPage.tsx'), 'SecretPage');
const MembersTab = lazyRouteComponent(() => import('../features/Tenants/MembersTab.tsx'), 'MembersTab');
const QuotasTab = lazyRouteComponent(() => import('../features/Tenants/QuotasTab.tsx'), 'QuotasTab');
const AccountPage = lazyRouteComponent(() => import('../features/Identity/AccountPage.tsx'), 'AccountPage');
const TokensTab = lazyRouteComponent(() => import('../features/Identity/TokensTab.tsx'), 'TokensTab');
const DevicePage = lazyRouteComponent(() => import('../features/Identity/DevicePage.tsx'), 'DevicePage');
const ConnectionsTab = lazyRouteComponent(() => import('../features/Identity/ConnectionsTab.tsx'), 'ConnectionsTab');
const ConfirmPage = lazyRouteComponent(() => import('../features/Identity/ConfirmPage.tsx'), 'ConfirmPage');
const SignInPage = lazyRouteComponent(() => import('../features/Identity/SignInPage.tsx'), 'SignInPage');
const SecurityTab = lazyRouteComponent(() => import('../features/Identity/SecurityTab.tsx'), 'SecurityTab');
const SessionsTab = lazyRouteComponent(() => import('../features/Identity/SessionsTab.tsx'), 'SessionsTab');
const AcceptPage = lazyRouteComponent(() => import('../features/Tenants/AcceptPage.tsx'), 'AcceptPage');
const ReleaseTab = lazyRouteComponent(() => import('../features/Releases/ReleaseTab.tsx'), 'ReleaseTab');
const RunsPage = lazyRouteComponent(() => import('../features/Releases/RunsPage.tsx'), 'RunsPage');

const screens = [
  AdministrationPage,
  GrainsTab,
  JobPage,
  JobsTab,
  RemindersTab,
  TimelineTab,
  ArtifactsTab,
  ArtifactPage,
  KeysTab,
  LogsTab,
  DecisionsPage,
  PlanTab,
  AuditLogTab,
  AuditTab,
  NowPage,
  OverviewTab,
  ProjectPage,
  ProjectsPage,
  SettingsTab,
  GatesPage,
  ReadinessTab,
  TestsTab,
  TestHistoryPage,
  FindingsTab,
  PerformanceTab,
  WaiversTab,
  InfrastructurePage,
  EnvironmentsTab,
  SecretsTab,
  SecretPage,
  MembersTab,
  QuotasTab,
  AccountPage,
  SessionsTab,
  SecurityTab,
  ConnectionsTab,
  TokensTab,
  LoginsTab,
  WorkspacesTab,
  WebhooksTab,
  WebhookPage,
  DevicePage,
  AcceptPage,
  ReleaseTab,
  RunsPage,
];

/** Every screen, once the first one stands: who loses the server can still go from one to the other. */
export const fetchScreens = () => screens.forEach((screen) => void screen.preload?.()?.catch(() => undefined));

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Root,
  notFoundComponent: () => (
    <>
      <h1 className="sr-only">No such page</h1>
      <Empty icon="search" title="There is no such page" action={<Link to="/">Go to Now</Link>} />
    </>
  ),
  errorComponent: ({ error, reset }) => <Failure error={error} what="This page" retry={reset} />,
});

const now = createRoute({ getParentRoute: () => root, path: '/', component: NowPage });
const projects = createRoute({ getParentRoute: () => root, path: '/projects', component: ProjectsPage });
const runs = createRoute({ getParentRoute: () => root, path: '/runs', component: RunsPage });
const decisions = createRoute({ getParentRoute: () => root, path: '/decisions', component: DecisionsPage });

const project = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project',
  component: ProjectPage,
  // A link that is only pointed at asks the server for nothing.
  loader: ({ context, params, preload }) => void (preload || openProject(context.client, params.project)),
  staleTime: Infinity,
});
const overview = createRoute({ getParentRoute: () => project, path: '/', component: OverviewTab });
const release = createRoute({ getParentRoute: () => project, path: 'releases/$number', component: ReleaseTab });
const timeline = createRoute({ getParentRoute: () => project, path: 'timeline', component: TimelineTab });
const plan = createRoute({ getParentRoute: () => project, path: 'plan', component: PlanTab });
const planNumber = createRoute({ getParentRoute: () => project, path: 'plan/$number', component: PlanTab });
const audit = createRoute({ getParentRoute: () => project, path: 'audit', component: AuditTab });
const artifacts = createRoute({ getParentRoute: () => project, path: 'artifacts', component: ArtifactsTab });
const artifact = createRoute({ getParentRoute: () => project, path: 'artifacts/$digest', component: ArtifactPage });
const logs = createRoute({ getParentRoute: () => project, path: 'logs', component: LogsTab });
const settings = createRoute({ getParentRoute: () => project, path: 'settings', component: SettingsTab });
const gates = createRoute({ getParentRoute: () => project, path: 'gates', component: GatesPage });
const readiness = createRoute({ getParentRoute: () => gates, path: '/', component: ReadinessTab });
const tests = createRoute({ getParentRoute: () => gates, path: 'tests', component: TestsTab });
const testHistory = createRoute({
  getParentRoute: () => gates,
  path: 'tests/history',
  component: TestHistoryPage,
  validateSearch: (search: Record<string, unknown>): { test: string } => ({ test: typeof search.test === 'string' ? search.test : '' }),
});
const findings = createRoute({ getParentRoute: () => gates, path: 'dependencies', component: FindingsTab });
const performance = createRoute({
  getParentRoute: () => gates,
  path: 'performance',
  component: PerformanceTab,
  validateSearch: (search: Record<string, unknown>): { release?: number } =>
    Number.isInteger(search.release) ? { release: search.release as number } : {},
});
const waivers = createRoute({ getParentRoute: () => gates, path: 'waivers', component: WaiversTab });
const infrastructure = createRoute({ getParentRoute: () => project, path: 'infrastructure', component: InfrastructurePage });
const environments = createRoute({ getParentRoute: () => infrastructure, path: '/', component: EnvironmentsTab });
const secrets = createRoute({ getParentRoute: () => infrastructure, path: 'secrets', component: SecretsTab });
const secret = createRoute({ getParentRoute: () => infrastructure, path: 'secrets/$environment/$name', component: SecretPage });

const administration = createRoute({ getParentRoute: () => root, path: '/administration', component: AdministrationPage });
const grains = createRoute({ getParentRoute: () => administration, path: '/', component: GrainsTab });
const jobs = createRoute({ getParentRoute: () => administration, path: 'jobs', component: JobsTab });
const job = createRoute({ getParentRoute: () => administration, path: 'jobs/$job', component: JobPage });
const reminders = createRoute({ getParentRoute: () => administration, path: 'reminders', component: RemindersTab });
const members = createRoute({ getParentRoute: () => administration, path: 'members', component: MembersTab });
const auditLog = createRoute({
  getParentRoute: () => administration,
  path: 'audit-log',
  component: AuditLogTab,
  validateSearch: readSearch,
});
const quotas = createRoute({ getParentRoute: () => administration, path: 'limits', component: QuotasTab });
const webhooks = createRoute({ getParentRoute: () => administration, path: 'webhooks', component: WebhooksTab });
const webhook = createRoute({ getParentRoute: () => administration, path: 'webhooks/$webhook', component: WebhookPage });
const keys = createRoute({ getParentRoute: () => administration, path: 'keys', component: KeysTab });
const account = createRoute({ getParentRoute: () => root, path: '/account', component: AccountPage });
const sessions = createRoute({ getParentRoute: () => account, path: '/', component: SessionsTab });
const tokens = createRoute({ getParentRoute: () => account, path: 'tokens', component: TokensTab });
const logins = createRoute({ getParentRoute: () => account, path: 'logins', component: LoginsTab });
const workspaces = createRoute({ getParentRoute: () => account, path: 'workspaces', component: WorkspacesTab });
const device = createRoute({
  getParentRoute: () => root,
  path: '/device',
  component: DevicePage,
  validateSearch: (search: Record<string, unknown>): { code?: string } => (typeof search.code === 'string' ? { code: search.code } : {}),
});
const connections = createRoute({ getParentRoute: () => administration, path: 'sign-in', component: ConnectionsTab });
const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignInPage });
const security = createRoute({
  getParentRoute: () => account,
  path: 'security',
  component: SecurityTab,
  validateSearch: (search: Record<string, unknown>): { asked?: boolean; returnTo?: string } =>
    search.asked === true ? { asked: true, ...(typeof search.returnTo === 'string' && { returnTo: search.returnTo }) } : {},
});
const confirm = createRoute({ getParentRoute: () => root, path: '/sign-in/confirm', component: ConfirmPage });
const accept = createRoute({ getParentRoute: () => root, path: invitationPath, component: AcceptPage });

const routeTree = root.addChildren([
  now,
  projects,
  runs,
  decisions,
  project.addChildren([
    overview,
    release,
    timeline,
    plan,
    planNumber,
    audit,
    artifacts,
    artifact,
    logs,
    settings,
    gates.addChildren([readiness, tests, testHistory, findings, performance, waivers]),
    infrastructure.addChildren([environments, secrets, secret]),
  ]),
  administration.addChildren([grains, jobs, job, reminders, members, auditLog, quotas, connections, webhooks, webhook, keys]),
  account.addChildren([sessions, logins, tokens, security, workspaces]),
  device,
  accept,
  signIn,
  confirm,
]);

export const router = createRouter({
  routeTree,
  context: { client: undefined as unknown as QueryClient },
  defaultPreload: 'intent',
  defaultPendingMs: 150,
  // Once shown, the router would leave "Loading" standing for half a second, and what it stands for asks for nothing before it is there.
  defaultPendingMinMs: 0,
  defaultPendingComponent: () => <Loading label="the page" rows={3} rowHeight={120} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
