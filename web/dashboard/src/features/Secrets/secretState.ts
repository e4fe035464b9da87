import type { SecretKind, SecretVersion, SecretView } from '../../api/types.ts';
import type { IconName } from '../../app/Icon.tsx';

export interface Shown {
  tone: 'good' | 'bad' | 'hold' | 'plain' | 'accent';
  icon: IconName;
  text: string;
}

export const kinds: Record<SecretKind, string> = { value: 'Value', postgresPassword: 'PostgreSQL password', apiKey: 'API key' };

/** What matters most about a secret, in one word: what is broken before what is at work, and that before what is well. */
export function stateOf({ phase, drift, problem, waiting }: SecretView): Shown {
  if (drift) return { tone: 'bad', icon: 'cross', text: 'Not let in' };
  switch (phase) {
    case 'empty':
      return problem ? { tone: 'bad', icon: 'cross', text: 'No version works' } : { tone: 'accent', icon: 'clock', text: 'Being made' };
    case 'placing':
      return { tone: 'accent', icon: 'retry', text: 'Rotating' };
    case 'verifying':
      return { tone: 'accent', icon: 'retry', text: 'Trying the new one' };
    case 'rollingBack':
      return { tone: 'hold', icon: 'back', text: 'Being taken back' };
    case 'overlap':
      return waiting
        ? { tone: 'hold', icon: 'clock', text: 'Still in use' }
        : { tone: 'accent', icon: 'forward', text: 'Two versions work' };
    case 'removing':
      return problem ? { tone: 'hold', icon: 'warning', text: 'Being removed' } : { tone: 'accent', icon: 'clock', text: 'Being removed' };
    case 'removed':
      return { tone: 'plain', icon: 'skip', text: 'Removed' };
    case 'revoking':
      return { tone: 'accent', icon: 'clock', text: 'Ending the one before' };
    default:
      return problem ? { tone: 'hold', icon: 'warning', text: 'Last request not done' } : { tone: 'good', icon: 'check', text: 'In use' };
  }
}

export const versionStates: Record<SecretVersion['state'], Shown> = {
  making: { tone: 'accent', icon: 'clock', text: 'Being made' },
  current: { tone: 'good', icon: 'check', text: 'Current' },
  previous: { tone: 'hold', icon: 'clock', text: 'Overlap' },
  retired: { tone: 'plain', icon: 'skip', text: 'Revoked' },
  undoing: { tone: 'hold', icon: 'back', text: 'Being taken away' },
  failed: { tone: 'plain', icon: 'cross', text: 'Never was current' },
};

const inState = (s: SecretView, state: SecretVersion['state']) => s.versions.find((v) => v.state === state);

export const currentOf = (s: SecretView) => inState(s, 'current');

export type SecretCommand = 'set' | 'rotate' | 'schedule' | 'check' | 'restore' | 'revoke' | 'remove';

/** What makes sense to ask of it now. The server has the last word; what it would surely refuse is not offered. */
export function commandsOf(s: SecretView): SecretCommand[] {
  if (s.phase === 'removed') return [];
  if (s.phase === 'removing') return s.job ? [] : ['remove'];
  const previous = inState(s, 'previous');
  const atWork = ['placing', 'verifying', 'rollingBack', 'revoking'].includes(s.phase);
  const may: Record<SecretCommand, boolean> = {
    set: s.kind === 'value',
    rotate: s.kind !== 'value' && !previous && !(atWork && s.job),
    check: s.kind !== 'value' && currentOf(s) !== undefined && !s.job,
    schedule: s.kind !== 'value',
    restore: previous !== undefined && s.phase !== 'revoking',
    revoke: previous !== undefined,
    remove: true,
  };
  return (Object.keys(may) as SecretCommand[]).filter((one) => may[one]);
}

/** When a new version comes, in words where it is no moment. */
export function nextRotation(s: SecretView): { at: string } | { text: string } {
  if (s.kind === 'value') return { text: 'when one is set' };
  if (s.rotateAt) return { at: s.rotateAt };
  return { text: !s.everyDays ? 'when asked for' : s.phase === 'overlap' ? 'after the overlap' : 'after this one' };
}

/** By environment, the one that matters most first. */
export function byEnvironment(list: SecretView[]): [environment: string, secrets: SecretView[]][] {
  const all = new Map<string, SecretView[]>();
  for (const s of list) all.set(s.environment, [...(all.get(s.environment) ?? []), s]);
  const rank = (name: string) => (name === 'production' ? 0 : 1);
  return [...all].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** Half a day is "12 hours", a day "1 day". */
export const hours = (n: number) =>
  n === 0 ? 'no time' : n % 24 === 0 ? `${n / 24} ${n === 24 ? 'day' : 'days'}` : `${n} ${n === 1 ? 'hour' : 'hours'}`;
