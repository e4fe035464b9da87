import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, Link } from '@tanstack/react-router';
import { AdministrationPage, GrainsTab } from '../features/Jobs/AdministrationPage.tsx';
import { JobPage } from '../features/Jobs/JobPage.tsx';
import { JobsTab } from '../features/Jobs/JobsTab.tsx';
import { RemindersTab } from '../features/Jobs/RemindersTab.tsx';
import { TimelineTab } from '../features/Audit/TimelineTab.tsx';
import { ArtifactsTab } from '../features/Deploy/ArtifactsTab.tsx';
import { LogsTab } from '../features/Deploy/LogsTab.tsx';
import { DecisionsPage } from '../features/Plans/DecisionsPage.tsx';
import { PlanTab } from '../features/Plans/PlanTab.tsx';
import { AuditTab } from '../features/Projects/AuditTab.tsx';
import { NowPage } from '../features/Projects/NowPage.tsx';
import { OverviewTab } from '../features/Projects/OverviewTab.tsx';
import { ProjectPage } from '../features/Projects/ProjectPage.tsx';
import { ProjectsPage } from '../features/Projects/ProjectsPage.tsx';
import { ReleaseTab } from '../features/Releases/ReleaseTab.tsx';
import { RunsPage } from '../features/Releases/RunsPage.tsx';
import { Shell } from './Shell.tsx';
import { Empty, Failure } from './States.tsx';

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Shell,
  notFoundComponent: () => <><h1 className="sr-only">No such page</h1><Empty icon="search" title="There is no such page" action={<Link to="/">Go to Now</Link>} /></>,
  errorComponent: ({ error, reset }) => <Failure error={error} what="This page" retry={reset} />,
});

const now = createRoute({ getParentRoute: () => root, path: '/', component: NowPage });
const projects = createRoute({ getParentRoute: () => root, path: '/projects', component: ProjectsPage });
const runs = createRoute({ getParentRoute: () => root, path: '/runs', component: RunsPage });
const decisions = createRoute({ getParentRoute: () => root, path: '/decisions', component: DecisionsPage });

const project = createRoute({ getParentRoute: () => root, path: '/projects/$project', component: ProjectPage });
const overview = createRoute({ getParentRoute: () => project, path: '/', component: OverviewTab });
const release = createRoute({ getParentRoute: () => project, path: 'releases/$number', component: ReleaseTab });
const timeline = createRoute({ getParentRoute: () => project, path: 'timeline', component: TimelineTab });
const plan = createRoute({ getParentRoute: () => project, path: 'plan', component: PlanTab });
const planNumber = createRoute({ getParentRoute: () => project, path: 'plan/$number', component: PlanTab });
const audit = createRoute({ getParentRoute: () => project, path: 'audit', component: AuditTab });
const artifacts = createRoute({ getParentRoute: () => project, path: 'artifacts', component: ArtifactsTab });
const logs = createRoute({ getParentRoute: () => project, path: 'logs', component: LogsTab });

const administration = createRoute({ getParentRoute: () => root, path: '/administration', component: AdministrationPage });
const grains = createRoute({ getParentRoute: () => administration, path: '/', component: GrainsTab });
const jobs = createRoute({ getParentRoute: () => administration, path: 'jobs', component: JobsTab });
const job = createRoute({ getParentRoute: () => administration, path: 'jobs/$job', component: JobPage });
const reminders = createRoute({ getParentRoute: () => administration, path: 'reminders', component: RemindersTab });

const routeTree = root.addChildren([
  now, projects, runs, decisions,
  project.addChildren([overview, release, timeline, plan, planNumber, audit, artifacts, logs]),
  administration.addChildren([grains, jobs, job, reminders]),
]);

export const router = createRouter({ routeTree, context: { client: undefined as unknown as QueryClient }, defaultPreload: false, scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
