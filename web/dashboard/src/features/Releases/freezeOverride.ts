import type { ReleaseView, TimelineEntry } from '../../api/types.ts';

/** One person has asked that a release goes on in a freeze, or two have said so. */
export interface FreezeOverride {
  askedBy: string;
  /** Null while a second person has to confirm it. */
  confirmedBy: string | null;
  /** Unix ms: until when it can be confirmed; once it is, until when it holds. */
  until: number;
}

export const mostMinutes = 240;

const prefix = 'release.override-';

/** As the timeline has it, newest first: what was asked for or confirmed last and is not over. */
export function overrideOf(entries: TimelineEntry[], release: Pick<ReleaseView, 'number' | 'phase'>, now: number): FreezeOverride | null {
  if (release.phase === 'ended') return null;
  const last = entries.find((e) => e.release === release.number && e.kind.startsWith(prefix));
  const body = (last?.body ?? null) as { until?: unknown; askedBy?: unknown } | null;
  const until = typeof body?.until === 'string' ? Date.parse(body.until) : NaN;
  if (!last || !(until > now)) return null;
  if (last.kind === `${prefix}asked`) return { askedBy: last.actor, confirmedBy: null, until };
  return last.kind === `${prefix}confirmed` && typeof body?.askedBy === 'string'
    ? { askedBy: body.askedBy, confirmedBy: last.actor, until }
    : null;
}
