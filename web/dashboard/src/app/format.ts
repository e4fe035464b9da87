/** Numbers as people read them: a unit on each, a narrow no-break space before it, never more than three significant digits. */
const nnbsp = ' ';
const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const none = '–';

function digits(value: number): string {
  const abs = Math.abs(value);
  if (abs >= 100) return plain.format(value);
  if (abs >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

function known(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function count(value: number | null | undefined): string {
  if (!known(value)) return none;
  if (Math.abs(value) >= 10_000_000) return `${(value / 1_000_000).toFixed(1)}${nnbsp}M`;
  return plain.format(value);
}

export function percent(value: number | null | undefined, fractionDigits = 2): string {
  if (!known(value)) return none;
  if (value === 0) return `0${nnbsp}%`;
  if (value > 0 && value < 10 ** -fractionDigits) return `<${(10 ** -fractionDigits).toFixed(fractionDigits)}${nnbsp}%`;
  return `${value >= 99.995 || Number.isInteger(value) ? plain.format(value) : value.toFixed(fractionDigits)}${nnbsp}%`;
}

/** A share (0–1) that is a difference of two percentages. */
export function percentagePoints(share: number | null | undefined): string {
  if (!known(share)) return none;
  return `${(100 * share).toFixed(share < 0.1 ? 2 : 1)}${nnbsp}percentage points`;
}

export function weight(value: number | null | undefined): string {
  if (!known(value)) return none;
  return `${Number.isInteger(value) ? value : value.toFixed(1)}${nnbsp}%`;
}

export function milliseconds(value: number | null | undefined): string {
  if (!known(value)) return none;
  if (Math.abs(value) >= 10_000) return `${digits(value / 1000)}${nnbsp}s`;
  return `${value >= 1000 ? plain.format(value) : value >= 10 ? value.toFixed(0) : value.toFixed(1)}${nnbsp}ms`;
}

export function perSecond(value: number | null | undefined, what = ''): string {
  if (!known(value)) return none;
  if (value === 0) return `0${nnbsp}${what}/s`;
  const figure = value >= 100 ? plain.format(value) : value >= 10 ? value.toFixed(0) : value.toFixed(1);
  return `${figure}${nnbsp}${what}/s`;
}

export function bytes(value: number | null | undefined): string {
  if (!known(value)) return none;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let rest = value;
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${unit === 0 ? plain.format(rest) : digits(rest)}${nnbsp}${units[unit]}`;
}

/** 0.4 s, 12 s, 3 min 05 s, 2 h 10 min, 4 d 3 h. A limit of exactly 10 minutes is "10 min"; a clock that ticks keeps its seconds. */
export function duration(totalSeconds: number | null | undefined, ticking = false): string {
  if (!known(totalSeconds)) return none;
  const s = Math.max(0, totalSeconds);
  if (s < 10) return `${s < 1 ? s.toFixed(1) : Number.isInteger(s) ? s : s.toFixed(1)}${nnbsp}s`;
  if (s < 60) return `${Math.floor(s)}${nnbsp}s`;
  const pad = (n: number) => String(Math.floor(n)).padStart(2, '0');
  if (!ticking && s < 3600 && s % 60 === 0) return `${s / 60}${nnbsp}min`;
  if (!ticking && s < 86_400 && s >= 3600 && s % 3600 === 0) return `${s / 3600}${nnbsp}h`;
  if (s < 3600) return `${Math.floor(s / 60)}${nnbsp}min${nnbsp}${pad(s % 60)}${nnbsp}s`;
  if (s < 86_400) return `${Math.floor(s / 3600)}${nnbsp}h${nnbsp}${pad((s % 3600) / 60)}${nnbsp}min`;
  return `${Math.floor(s / 86_400)}${nnbsp}d${nnbsp}${Math.floor((s % 86_400) / 3600)}${nnbsp}h`;
}

export function instant(value: string | number | Date | null | undefined): number | null {
  if (value == null) return null;
  const ms = typeof value === 'number' ? value : new Date(value).getTime();
  return Number.isNaN(ms) ? null : ms;
}

/** "just now", "12 s ago", "in 3 min". Coarse on purpose: it ticks, and a ticking text must not jitter. */
export function relative(at: number, now: number): string {
  const s = Math.round((now - at) / 1000);
  const abs = Math.abs(s);
  if (abs < 2) return 'just now';
  const text =
    abs < 60
      ? `${abs}${nnbsp}s`
      : abs < 3600
        ? `${Math.floor(abs / 60)}${nnbsp}min`
        : abs < 86_400
          ? `${Math.floor(abs / 3600)}${nnbsp}h`
          : `${Math.floor(abs / 86_400)}${nnbsp}d`;
  return s >= 0 ? `${text} ago` : `in ${text}`;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

export const clockTime = (at: number) => clock.format(at);
export const fullTime = (at: number) => `${day.format(at)}, ${clock.format(at)}`;

const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** The time; and the day when it is another than today, the year when it is another than this. */
export function momentOf(at: number, now: number): string {
  const [then, today] = [new Date(at), new Date(now)];
  if (then.toDateString() === today.toDateString()) return clockTime(at);
  return then.getFullYear() === today.getFullYear() ? `${shortDay.format(at)}, ${clockTime(at)}` : fullTime(at);
}

export const shortCommit = (commit: string | null | undefined) => (commit ? commit.slice(0, 9) : none);

export function shortDigest(digest: string | null | undefined): string {
  if (!digest) return none;
  const at = digest.indexOf(':');
  return at < 0 ? digest.slice(0, 12) : `${digest.slice(0, at)}:${digest.slice(at + 1, at + 13)}`;
}

const knownActors: Record<string, string> = { judge: 'the judge', policy: 'the policy', timer: 'the clock', supervisor: 'the supervisor' };

/** user:ana → ana; system:judge → the judge; other parts of ProdSprint are ProdSprint to people. */
export function who(actor: string | null | undefined): string {
  if (!actor) return none;
  if (actor.startsWith('user:')) return actor.slice(5);
  if (actor.startsWith('system:')) return knownActors[actor.slice(7)] ?? 'ProdSprint';
  return actor;
}

/** awaitingApproval → awaiting approval. */
export function words(camel: string | null | undefined): string {
  if (!camel) return '';
  return camel
    .replace(/[-_.]/g, ' ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

export function sentence(camel: string | null | undefined): string {
  const text = words(camel);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A time so many days from now, as the API takes it. */
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
