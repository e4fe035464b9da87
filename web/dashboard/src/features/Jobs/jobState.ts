import type { IconName } from '../../app/Icon.tsx';
import { sentence } from '../../app/format.ts';

type Shown = { text: string; tone: 'good' | 'bad' | 'hold' | 'plain' | 'accent'; icon: IconName };

/** Queues differ in their words; people need four. */
export function jobState(state: string): Shown {
  const s = state.toLowerCase();
  if (/dead/.test(s)) return { text: 'Dead letter', tone: 'bad', icon: 'cross' };
  if (/fail/.test(s)) return { text: 'Failed', tone: 'bad', icon: 'cross' };
  if (/run|lease|active/.test(s)) return { text: 'Running', tone: 'accent', icon: 'play' };
  if (/done|succe|complete|ended/.test(s)) return { text: 'Done', tone: 'good', icon: 'check' };
  if (/cancel/.test(s)) return { text: 'Cancelled', tone: 'plain', icon: 'stop' };
  if (/retry|wait|backoff/.test(s)) return { text: 'Waits to retry', tone: 'hold', icon: 'retry' };
  return { text: sentence(state) || 'Queued', tone: 'plain', icon: 'clock' };
}
