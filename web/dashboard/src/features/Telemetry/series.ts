import type { TrafficPoint } from '../../api/types.ts';

/** Columns as uPlot wants them: seconds, then one column per version; null where a version had no traffic. */
export interface Columns {
  times: number[];
  byVersion: Map<string, (number | null)[]>;
}

type Sums = { requests: number; errors: number; p95: number; p95Requests: number };

export interface Window {
  /** Last second shown, Unix seconds. */
  end: number;
  seconds: number;
  /** Each value covers this many seconds up to its own: one per mille of canary traffic is no rate. */
  smooth: number;
}

export interface Figures {
  requestsPerSecond: number;
  errorRatePercent: number | null;
  p95Ms: number | null;
  requests: number;
}

function figures(sums: Sums, seconds: number): Figures {
  return {
    requests: sums.requests,
    requestsPerSecond: sums.requests / seconds,
    errorRatePercent: sums.requests > 0 ? (100 * sums.errors) / sums.requests : null,
    p95Ms: sums.p95Requests > 0 ? sums.p95 / sums.p95Requests : null,
  };
}

function add(sums: Sums, p: TrafficPoint, sign: 1 | -1) {
  sums.requests += sign * p.requests;
  sums.errors += sign * p.errors;
  if (p.p95Ms != null) {
    sums.p95 += sign * p.p95Ms * p.requests;
    sums.p95Requests += sign * p.requests;
  }
}

const nothing = (): Sums => ({ requests: 0, errors: 0, p95: 0, p95Requests: 0 });

/** Rolling figures per version and second. Latency is the request-weighted mean of the seconds' p95, and labelled so. */
export function rolling(
  points: TrafficPoint[],
  versions: string[],
  { end, seconds, smooth }: Window,
  pick: (f: Figures) => number | null,
): Columns {
  const times = Array.from({ length: seconds + 1 }, (_, i) => end - seconds + i);
  const byVersion = new Map<string, (number | null)[]>();
  for (const version of versions) {
    const at = new Map<number, TrafficPoint>();
    for (const p of points) if (p.version === version) at.set(p.t, p);
    const sums = nothing();
    for (let t = end - seconds - smooth + 1; t < end - seconds; t++) {
      const p = at.get(t);
      if (p) add(sums, p, 1);
    }
    byVersion.set(
      version,
      times.map((t) => {
        const enters = at.get(t);
        const leaves = at.get(t - smooth);
        if (enters) add(sums, enters, 1);
        if (leaves && t - smooth > end - seconds - smooth) add(sums, leaves, -1);
        return sums.requests > 0 ? pick(figures(sums, smooth)) : null;
      }),
    );
  }
  return { times, byVersion };
}

/** Figures of the last seconds, of one version or of all. */
export function latest(points: TrafficPoint[], end: number, seconds: number, version?: string): Figures {
  const sums = nothing();
  for (const p of points) if (p.t > end - seconds && p.t <= end && (version === undefined || p.version === version)) add(sums, p, 1);
  return figures(sums, seconds);
}

/** The last second that can be complete: the newest point there is, but never far behind a clock that has moved on. */
export function endOf(points: TrafficPoint[], nowSeconds: number): number {
  let newest = 0;
  for (const p of points) if (p.t > newest) newest = p.t;
  return Math.max(newest, Math.floor(nowSeconds) - 3);
}
