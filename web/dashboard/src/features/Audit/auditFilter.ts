import type { AuditFilter } from '../../api/types.ts';

/** What the address of the audit log can say; the times as `datetime-local` has them, in the browser's time zone. */
export interface AuditSearch {
  user?: string;
  action?: string;
  resource?: string;
  from?: string;
  until?: string;
}

const fields = ['user', 'action', 'resource', 'from', 'until'] as const;

/** An address may hold anything. */
export function readSearch(search: Record<string, unknown>): AuditSearch {
  const read: AuditSearch = {};
  for (const field of fields) {
    const value = search[field];
    if ((typeof value === 'string' || typeof value === 'number') && String(value).trim() !== '') read[field] = String(value).trim();
  }
  return read;
}

export function filterOf(search: AuditSearch): AuditFilter {
  const { from, until, ...rest } = search;
  return { ...rest, ...moment('from', from), ...moment('until', until) };
}

function moment<K extends string>(name: K, local: string | undefined) {
  const at = local ? Date.parse(local) : Number.NaN;
  return Number.isNaN(at) ? {} : { [name]: new Date(at).toISOString() };
}

/** Why these times find nothing; null when they may find something. */
export function rangeProblem({ from, until }: AuditSearch): string | null {
  return from && until && Date.parse(until) <= Date.parse(from) ? 'It ends before it begins.' : null;
}

type Tone = 'good' | 'bad' | 'hold' | 'plain';

/** What came of it, in one word and one colour; the code of a refusal beside it. */
export function outcome(text: string): { tone: Tone; text: string; code: string | null } {
  const [word, code] = text.split(': ', 2) as [string, string | undefined];
  switch (word) {
    case 'accepted':
      return { tone: 'good', text: 'Accepted', code: null };
    case 'refused':
      return { tone: 'hold', text: 'Refused', code: code ?? null };
    case 'denied':
      return { tone: 'bad', text: 'Denied', code: null };
    case 'failed':
      return { tone: 'bad', text: 'Failed', code: null };
    default:
      return { tone: 'plain', text: word.replace(/^./, (c) => c.toUpperCase()), code: code ?? null };
  }
}
