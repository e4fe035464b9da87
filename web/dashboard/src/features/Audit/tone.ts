import type { TimelineEntry } from '../../api/types.ts';

export type Tone = 'good' | 'bad' | 'hold' | 'plain';

/** Only what a reader should stop at gets a colour; the words are the server's. */
export function toneOf(entry: Pick<TimelineEntry, 'kind' | 'text'>): Tone {
  const kind = entry.kind.toLowerCase();
  if (/(fail|unhealthy|roll(ed|ing)?-?back|abort|died|refused|dead)/.test(kind)) return 'bad';
  if (/(held|hold|pause|freeze|frozen|await|inconclusive|supersede)/.test(kind)) return 'hold';
  if (/(promoted|approved|passed|healthy|completed)/.test(kind)) return 'good';
  return 'plain';
}
