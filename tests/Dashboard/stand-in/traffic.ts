import type { TrafficPoint } from '../../../web/dashboard/src/api/types.ts';

/** The same numbers on every run: a test that fails must fail again. */
export function random(seed: number) {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function second(t: number, version: string, perSecond: number, errorPercent: number, p95: number): TrafficPoint {
  const next = random(t * 31 + version.length * 977 + version.charCodeAt(version.length - 1));
  const requests = Math.round(perSecond * (0.9 + 0.15 * Math.sin(t / 23) + 0.12 * next()));
  let errors = 0;
  for (let i = 0; i < requests; i++) if (next() * 100 < errorPercent) errors++;
  return { t, version, requests, errors, faults: errors, p50Ms: p95 * 0.4, p95Ms: p95 * (0.92 + 0.2 * next()), p99Ms: p95 * 2.1 };
}
