import type { BlueprintView } from '../../api/types.ts';

type Item = BlueprintView['cost_estimate']['items'][number];

const whole = new Intl.NumberFormat('en-GB', {
  style: 'currency',
  currency: 'USD',
  currencyDisplay: 'narrowSymbol',
  maximumFractionDigits: 0,
});
const cents = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' });

/** Cents only where they matter. */
export const money = (amount: number) => (amount < 10 ? cents : whole).format(amount);

export interface Part {
  environment: string;
  part: string;
  low: number;
  high: number;
}

/** The most expensive first. */
export function byPart(items: Item[]): Part[] {
  const parts = new Map<string, Part>();
  for (const { environment, part, low, high } of items) {
    const sum = parts.get(`${environment}/${part}`) ?? { environment, part, low: 0, high: 0 };
    parts.set(`${environment}/${part}`, { ...sum, low: sum.low + low, high: sum.high + high });
  }
  return [...parts.values()].sort((a, b) => b.high - a.high);
}
