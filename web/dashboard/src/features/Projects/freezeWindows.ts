import type { FreezeWindow } from '../../api/types.ts';

/** What a form has; times as `datetime-local` gives them, in the browser's time zone. */
export interface WindowDraft {
  from: string;
  until: string;
  reason: string;
  /** '' is once, else the time zone in whose clocks it comes again every week. */
  weeklyIn: string;
  /** '' is every release, else the environment that alone waits. */
  environment: string;
}

/** Why the draft is no window yet, said at the field; null when it is one. */
export function windowProblem(
  { from, until, reason, weeklyIn }: WindowDraft,
  now: number,
): { field: keyof WindowDraft; text: string } | null {
  const [start, end] = [Date.parse(from), Date.parse(until)];
  if (Number.isNaN(start)) return { field: 'from', text: 'When does it begin?' };
  if (Number.isNaN(end)) return { field: 'until', text: 'When does it end?' };
  if (end <= start) return { field: 'until', text: 'It ends before it begins.' };
  if (end <= now) return { field: 'until', text: 'It is over already.' };
  if (weeklyIn !== '' && end - start >= 7 * 24 * 3_600_000)
    return { field: 'until', text: 'It lasts a week or longer, and comes every week.' };
  return reason.trim() === '' ? { field: 'reason', text: 'Say why, so that others know what they wait for.' } : null;
}

export const windowOf = ({ from, until, reason, weeklyIn, environment }: WindowDraft): FreezeWindow => ({
  from: new Date(from).toISOString(),
  until: new Date(until).toISOString(),
  reason: reason.trim(),
  ...(weeklyIn === '' ? {} : { weeklyIn }),
  ...(environment === '' ? {} : { environment }),
});

export const without = (list: FreezeWindow[], one: FreezeWindow) => list.filter((w) => w !== one);

export function windowState(w: FreezeWindow, now: number): 'open' | 'coming' | 'over' {
  return now < Date.parse(w.from) ? 'coming' : now < Date.parse(w.until) ? 'open' : 'over';
}
