import type { ServiceUsage } from '../../api/types.ts';

export interface Figure {
  name: 'memory' | 'processors';
  text: string;
  /** By day or hour, as the server has them. */
  values: number[];
  /** The chart's upper edge: the limit, or a little more than the most where there is none. */
  top: number;
  /** Less than half of what should stay free is left. */
  near: boolean;
}

const round = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const exact = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 });

/** Memory by its most, since beyond the limit a copy is ended; processors by what 95 % of the looks saw, since beyond it a copy is only slow. */
export function figures(used: ServiceUsage): Figure[] {
  const limit = used.limitCpus ?? null;
  return [
    {
      name: 'memory',
      text: `${round.format(used.memoryMaxMiB)} of ${round.format(used.limitMemoryMiB)} MiB`,
      values: used.points.map((p) => p.memoryMaxMiB),
      top: Math.max(1, used.limitMemoryMiB),
      near: used.memoryMaxMiB > 0.85 * used.limitMemoryMiB,
    },
    {
      name: 'processors',
      text: limit === null ? `${exact.format(used.cpuP95)}, no limit` : `${exact.format(used.cpuP95)} of ${limit}`,
      values: used.points.map((p) => p.cpuP95),
      top: limit ?? Math.max(0.01, used.cpuMax * 1.1),
      near: limit !== null && used.cpuP95 > 0.8 * limit,
    },
  ];
}
