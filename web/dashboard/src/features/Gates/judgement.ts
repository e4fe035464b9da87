import { milliseconds, none, percent } from '../../app/format.ts';

/** The judge names its metrics for machines; these are for people. */
const labels: Record<string, string> = {
  'error-rate': 'Error rate',
  'latency-p50': 'Median latency',
  'latency-p95': 'p95 latency',
  'latency-p99': 'p99 latency',
};

export const metricLabel = (metric: string) => labels[metric] ?? metric.replace(/-/g, ' ');

export function metricValue(value: number | null | undefined, unit: string): string {
  if (value == null) return none;
  return unit === '%' ? percent(value) : unit === 'ms' ? milliseconds(value) : `${value.toPrecision(3)} ${unit}`.trim();
}

/** How far the evidence of harm has come towards its boundary, 0 to 1 (and beyond 1 never more than 1). */
export function towardsBoundary(statistic: number, boundary: number): number {
  if (!(boundary > 0) || !Number.isFinite(statistic)) return 0;
  return Math.min(1, Math.max(0, statistic / boundary));
}

export interface Scale {
  from: number;
  to: number;
}

/** A scale that starts at zero and has room for every value that is to be marked on it. */
export function bandScale(values: (number | null | undefined)[]): Scale {
  const known = values.filter((v): v is number => typeof v === 'number' && Number.isFinite(v));
  const top = Math.max(0, ...known);
  return { from: 0, to: top > 0 ? niceCeiling(top * 1.08) : 1 };
}

/** The next of 1, 2, 5 × 10ⁿ with quarter steps between, so that the scale does not move with every look. */
export function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  for (const step of [1, 1.5, 2, 3, 4, 5, 7.5, 10]) if (value <= step * power) return step * power;
  return 10 * power;
}

export function position(value: number, scale: Scale): number {
  return Math.min(1, Math.max(0, (value - scale.from) / (scale.to - scale.from)));
}
