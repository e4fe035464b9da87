import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { mergePoints, mergeTimeline, newer, trafficWindowSeconds, type EvidencePoint } from '../live/reducers.ts';
import { api, ask } from './client.ts';
import type { JobState, ProjectView, ReleaseView, TimelineEntry, Traffic } from './types.ts';

/** Reads everything on screen again, but for the audit log: to look at it is recorded in it, so a person asks for that. */
export const readAgain = (client: QueryClient) => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'audit-log' });

/** The longest page there is; nobody scrolls further. */
const limit = 500;

/** A REST answer that left before a live message must not put back what that message changed. */
const keepNewer = (have: unknown, come: unknown) => newer(have as { stateVersion?: number } | undefined, come as { stateVersion?: number });

function keepNewerEach(identity: (one: never) => string) {
  return (have: unknown, come: unknown) => {
    const known = new Map((have as never[] | undefined)?.map((one) => [identity(one), one]));
    return (come as never[]).map((one) => newer(known.get(identity(one)), one));
  };
}
const releaseIdentity = (r: ReleaseView) => `${r.project}/${r.number}/${r.startedAt}`;
const projectIdentity = (p: ProjectView) => `${p.id}/${p.createdAt}`;

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: async () => (await ask(api.GET('/v1/projects', { params: { query: { limit } } }))).items,
  structuralSharing: keepNewerEach(projectIdentity as never),
});

export const projectQuery = (id: string) =>
  queryOptions({
    queryKey: ['project', id],
    queryFn: () => ask(api.GET('/v1/projects/{project}', { params: { path: { project: id } } })),
    structuralSharing: keepNewer,
  });

export const releasesQuery = (id: string) =>
  queryOptions({
    queryKey: ['releases', id],
    queryFn: async () => {
      const list = (await ask(api.GET('/v1/projects/{project}/releases', { params: { path: { project: id }, query: { limit } } }))).items;
      return list.toSorted((a, b) => b.number - a.number);
    },
    structuralSharing: keepNewerEach(releaseIdentity as never),
  });

export const releaseQuery = (id: string, n: number) =>
  queryOptions({
    queryKey: ['release', id, n],
    queryFn: () => ask(api.GET('/v1/projects/{project}/releases/{number}', { params: { path: { project: id, number: n } } })),
    structuralSharing: keepNewer,
  });

export const runsQuery = (state: 'active' | 'ended') =>
  queryOptions({
    queryKey: ['runs', state],
    queryFn: async () => {
      const list = (await ask(api.GET('/v1/runs', { params: { query: { state, limit } } }))).items;
      return list.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
    },
    structuralSharing: keepNewerEach(releaseIdentity as never),
  });

/** Up to where each timeline has been read without a gap; live rows beyond it may have gaps before them. */
const readTo = new Map<string, number>();
export const timelineReadTo = (id: string) => readTo.get(id) ?? null;

export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['timeline', id],
    queryFn: async ({ client }) => {
      // Oldest first from the server, so the end is reached by following `next`; 20 pages are more than anyone scrolls.
      let all: TimelineEntry[] = client.getQueryData<TimelineEntry[]>(['timeline', id]) ?? [];
      let after = all.length > 0 ? (timelineReadTo(id) ?? 0) : 0;
      for (let page = 0; page < 20; page++) {
        const answer = await ask(
          api.GET('/v1/projects/{project}/timeline', { params: { path: { project: id }, query: { after, limit } } }),
        );
        const come = answer.items;
        all = mergeTimeline(all, come);
        const last = come.at(-1)?.seq;
        if (last) readTo.set(id, last);
        const next = Number(answer.next ?? 0);
        if (come.length === 0 || !next || next <= after) break;
        after = next;
      }
      return all;
    },
    structuralSharing: (have, come) => mergeTimeline((have as TimelineEntry[] | undefined) ?? [], come as TimelineEntry[]),
  });

export const plansQuery = (id: string) =>
  queryOptions({
    queryKey: ['plans', id],
    queryFn: async () => {
      const list = (await ask(api.GET('/v1/projects/{project}/plans', { params: { path: { project: id }, query: { limit: 50 } } }))).items;
      return list.toSorted((a, b) => b.number - a.number);
    },
  });

export const planQuery = (id: string, n: number) =>
  queryOptions({
    queryKey: ['plan', id, n],
    queryFn: () => ask(api.GET('/v1/projects/{project}/plans/{number}', { params: { path: { project: id, number: n } } })),
    structuralSharing: keepNewer,
  });

export const auditQuery = (id: string) =>
  queryOptions({
    queryKey: ['audit', id],
    queryFn: () => ask(api.GET('/v1/projects/{project}/audit', { params: { path: { project: id } } })),
  });

export const artifactsQuery = (id: string) =>
  queryOptions({
    queryKey: ['artifacts', id],
    queryFn: async () => (await ask(api.GET('/v1/projects/{project}/artifacts', { params: { path: { project: id } } }))).items,
  });

/** Before the first answer. */
export const noTraffic: Traffic = { environment: 'production', points: [], weights: [] };

export const trafficQuery = (id: string, environment = 'production') =>
  queryOptions({
    queryKey: ['traffic', id, environment],
    queryFn: () =>
      ask(
        api.GET('/v1/projects/{project}/traffic', {
          params: { path: { project: id }, query: { environment, seconds: trafficWindowSeconds } },
        }),
      ),
    structuralSharing: (have, come) => ({
      ...(come as Traffic),
      points: mergePoints((have as Traffic | undefined)?.points ?? [], (come as Traffic).points),
    }),
  });

export const evidenceQuery = (id: string, n: number) =>
  queryOptions<EvidencePoint[]>({
    queryKey: ['evidence', id, n],
    queryFn: async () =>
      (await ask(api.GET('/v1/projects/{project}/releases/{number}/looks', { params: { path: { project: id, number: n } } }))).items.map(
        (look): EvidencePoint => ({ version: 0, at: Date.parse(look.at), step: look.step, judgement: look.judgement }),
      ),
    staleTime: Infinity,
    gcTime: Infinity,
  });

export const decisionsQuery = queryOptions({
  queryKey: ['decisions'],
  queryFn: async () => (await ask(api.GET('/v1/decisions', {}))).items,
});

export const operationsQuery = queryOptions({
  queryKey: ['operations'],
  queryFn: () => ask(api.GET('/v1/operations/grains', {})),
});

export const jobsQuery = (state?: JobState) =>
  queryOptions({
    queryKey: ['jobs', state ?? ''],
    queryFn: async () => (await ask(api.GET('/v1/operations/jobs', { params: { query: { state, limit: 200 } } }))).items,
    refetchInterval: 10_000,
  });

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ['job', id],
    queryFn: () => ask(api.GET('/v1/operations/jobs/{id}', { params: { path: { id } } })),
    refetchInterval: 10_000,
  });

export const remindersQuery = queryOptions({
  queryKey: ['reminders'],
  queryFn: async () => (await ask(api.GET('/v1/operations/reminders', {}))).items,
  refetchInterval: 10_000,
});

export const routerQuery = queryOptions({
  queryKey: ['router'],
  queryFn: () => ask(api.GET('/v1/operations/router', {})),
  refetchInterval: 10_000,
  retry: false,
});
