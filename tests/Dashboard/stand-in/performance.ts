import type { PerformanceRunRow, PerformanceView, RouteView } from '../../../web/dashboard/src/api/types.ts';
import { Refused } from './refused.ts';
import { iso } from './release.ts';

const commit = '9f3c1d7be24a51c0883df1f0cc7a11d3b52e6f08';

const route = (name: string, p95Ms: number, failed: number, more: Partial<RouteView> = {}): RouteView => ({
  route: name,
  measure: {
    route: name,
    requests: 120,
    failed,
    p50Ms: p95Ms / 2,
    p95Ms,
    p99Ms: p95Ms * 1.4,
    problem: failed ? `${failed} × 503` : null,
    errorPercent: (100 * failed) / 120,
  },
  limit: null,
  breach: null,
  budget: null,
  baseline: null,
  ...more,
});

/** Newest first. */
export const performanceRuns = (now: number): PerformanceRunRow[] =>
  [42, 41, 40].map((release, i) => ({
    run: 20 - i,
    release,
    commit,
    by: 'built-in',
    scenario: 'sha256:11ab',
    at: iso(now - 200_000 - i * 86_400_000),
    detail: i === 0 ? '4 routes, 480 requests: 1 is over its limit.' : '4 routes, 480 requests: all kept what they may.',
  }));

export function performance(project: string, release: number | null, now: number): PerformanceView {
  if (project !== 'shop') throw new Refused(404, 'No routes', 'No routes of this project are known.', 'Plan', 'performance.not-found');
  const slow = release === null || release === 42;
  const limit = (name: string, p95Ms: number, from: string) => ({ route: name, p95Ms, p95From: from, errorPercent: 1, errorFrom: from });
  const baseline = (name: string, p95Ms: number) => ({ route: name, runs: 5, requests: 600, p95Ms, errorPercent: 0 });
  return {
    run: performanceRuns(now).find((r) => r.release === (release ?? 42))!,
    commit,
    source: 'openapi.yaml',
    routes: [
      route('GET /cart', slow ? 241.5 : 118.2, 0, {
        limit: limit('GET /cart', 200, 'budget'),
        baseline: baseline('GET /cart', 121),
        budget: { route: 'GET /cart', p95Ms: 200, errorPercent: 1, by: 'user:ana', at: iso(now - 864_000_000) },
        breach: slow ? 'p95 is 241.5 ms, its budget is 200 ms' : null,
      }),
      route('GET /items', 14.9, 0, { limit: limit('GET /items', 28.2, 'stable version'), baseline: baseline('GET /items', 14.1) }),
      route('GET /items/{id}', 5.8, 1, {
        limit: limit('GET /items/{id}', 16, 'stable version'),
        baseline: baseline('GET /items/{id}', 5.6),
      }),
      { route: 'GET /search', measure: null, limit: null, breach: null, budget: null, baseline: null },
    ],
    leftOut: [{ name: 'POST /items', why: 'it may change something' }],
    scripts: ['k6/checkout.js'],
  };
}
