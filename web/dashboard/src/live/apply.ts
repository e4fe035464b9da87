import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { JobRow, OperationsView, PlanView, ProjectView, ReleaseView, TimelineEntry, Traffic } from '../api/types.ts';
import { projectOfEntry, type LiveEvent } from './events.ts';
import {
  reduceEvidence,
  reduceJobs,
  reduceOperations,
  reducePlan,
  reducePlans,
  reduceProject,
  reduceProjects,
  reduceRelease,
  reduceReleases,
  reduceRuns,
  reduceTimeline,
  reduceTraffic,
  type EvidencePoint,
} from './reducers.ts';

/** Which reducer keeps which query fresh. */
export function reduceQuery(key: QueryKey, data: unknown, event: LiveEvent): unknown {
  const project = String(key[1]);
  switch (key[0]) {
    case 'projects':
      return reduceProjects(data as ProjectView[], event);
    case 'project':
      return reduceProject(data as ProjectView, event);
    case 'releases':
      return reduceReleases(data as ReleaseView[], event, project);
    case 'release':
      return reduceRelease(data as ReleaseView, event);
    case 'runs':
      return reduceRuns(data as ReleaseView[], event, key[1] as 'active' | 'ended');
    case 'plans':
      return reducePlans(data as PlanView[], event, project);
    case 'plan':
      return reducePlan(data as PlanView, event, project);
    case 'timeline':
      return reduceTimeline(data as TimelineEntry[], event, project);
    case 'traffic':
      return reduceTraffic(data as Traffic, event, project, String(key[2]));
    case 'operations':
      return reduceOperations(data as OperationsView, event);
    case 'jobs':
      return reduceJobs(data as JobRow[], event, String(key[1] ?? ''));
    default:
      return data;
  }
}

/** What no message carries and only the server can tell, read again when something it depends on has changed. */
function dependents(event: LiveEvent): QueryKey[] {
  if (event.type === 'timeline' && event.entry.kind.includes('tests')) return [['tests', projectOfEntry(event.entry)]];
  if (event.type !== 'view') return [];
  // A view too large for a message comes without its body: a bell to read it again.
  if (!event.body)
    return event.kind === 'job' ? [['jobs'], ['job']] : [[event.kind, event.project], [`${event.kind}s`], ['runs'], ['decisions']];
  switch (event.kind) {
    case 'release':
      return [['decisions'], ['artifacts', event.project]];
    case 'plan':
      return [['decisions'], ['audit', event.project], ['readiness', event.project]];
    // The router gives an environment its address with its first version.
    case 'project':
      return [['decisions'], ['traffic', event.project], ['readiness', event.project], ['waivers', event.project]];
    case 'secret':
      return [['secrets', event.project]];
    case 'infrastructure':
      return [['infrastructure', event.project]];
    default:
      return [];
  }
}

export class LiveCache {
  private due = new Map<string, QueryKey>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly client: QueryClient) {}

  apply(event: LiveEvent) {
    for (const query of this.client.getQueryCache().getAll()) {
      if (query.state.data === undefined) {
        // What was not there when it was asked for may be there now.
        if (query.state.status === 'error' && event.type === 'view' && query.queryKey[1] === event.project)
          this.refreshSoon(query.queryKey);
        continue;
      }
      const next = reduceQuery(query.queryKey, query.state.data, event);
      if (next !== query.state.data) this.client.setQueryData(query.queryKey, next);
    }
    if (event.type === 'view' && event.kind === 'release' && event.body) {
      const release = event.body as ReleaseView;
      this.client.setQueryData<EvidencePoint[]>(['evidence', release.project, release.number], (have) =>
        reduceEvidence(have ?? [], release, Date.now()),
      );
    }
    for (const key of dependents(event)) this.refreshSoon(key);
  }

  /** A burst of messages is one request. */
  private refreshSoon(key: QueryKey) {
    this.due.set(JSON.stringify(key), key);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      for (const one of this.due.values()) void this.client.invalidateQueries({ queryKey: one });
      this.due.clear();
    }, 300);
  }
}
