import { useNow } from '../live/clock.ts';
import { clockTime, duration, fullTime, instant, none, relative } from './format.ts';

/** A moment, relative and ticking; the exact time is its title. */
export function Ago({ at }: { at: string | number | null | undefined }) {
  const now = useNow();
  const ms = instant(at);
  if (ms === null) return <span>{none}</span>;
  return (
    <time dateTime={new Date(ms).toISOString()} title={fullTime(ms)}>
      {relative(ms, now)}
    </time>
  );
}

export function Clock({ at }: { at: string | number | null | undefined }) {
  const ms = instant(at);
  if (ms === null) return <span>{none}</span>;
  return (
    <time dateTime={new Date(ms).toISOString()} title={fullTime(ms)}>
      {clockTime(ms)}
    </time>
  );
}

/** From a start to an end, or up to now while there is no end. */
export function Took({ from, to }: { from: string | null | undefined; to?: string | null }) {
  const now = useNow();
  const start = instant(from);
  if (start === null) return <span>{none}</span>;
  const end = instant(to);
  const s = ((end ?? now) - start) / 1000;
  return <span>{duration(end === null ? Math.max(0, Math.floor(s)) : s, true)}</span>;
}
