import { queryOptions } from '@tanstack/react-query';
import { api, ApiProblem, ask } from '../../api/client.ts';
import type { GateWaiver, PerformanceView, RouteView } from '../../api/types.ts';

/** Of the newest run, or that of a release. Null: no routes are known. */
export const performanceQuery = (project: string, release?: number) =>
  queryOptions({
    queryKey: ['performance', project, release ?? null],
    queryFn: async (): Promise<PerformanceView | null> => {
      try {
        return await ask(api.GET('/v1/projects/{project}/performance', { params: { path: { project }, query: { release } } }));
      } catch (error) {
        if (error instanceof ApiProblem && error.problem.code === 'performance.not-found') return null;
        throw error;
      }
    },
  });

export const performanceRunsQuery = (project: string) =>
  queryOptions({
    queryKey: ['performance', project, 'runs'],
    queryFn: async () => (await ask(api.GET('/v1/projects/{project}/performance/runs', { params: { path: { project } } }))).items,
  });

/** What a waiver of this route's breach names. */
export const controlOf = (route: string) => `performance.${route}`;

export const waiverOf = (route: string, waivers: GateWaiver[], now: number): GateWaiver | null =>
  waivers.find((w) => w.covers === 'control' && w.subject === controlOf(route) && w.state === 'valid' && Date.parse(w.expires) > now) ??
  null;

/** How long the bars of p95, limit and baseline are, in percent of the longest of all routes. */
export function barsOf(routes: RouteView[]): Map<string, { p95: number; limit: number | null; baseline: number | null }> {
  const longest = Math.max(1, ...routes.flatMap((r) => [r.measure?.p95Ms ?? 0, r.limit?.p95Ms ?? 0, r.baseline?.p95Ms ?? 0]));
  const share = (ms: number | null | undefined) => (ms == null ? null : (100 * ms) / longest);
  return new Map(
    routes.map((r) => [r.route, { p95: share(r.measure?.p95Ms) ?? 0, limit: share(r.limit?.p95Ms), baseline: share(r.baseline?.p95Ms) }]),
  );
}
