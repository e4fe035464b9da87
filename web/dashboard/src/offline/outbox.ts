import type { Edit } from './edits.ts';

/** A mutation as it would have gone out, so that it can go out later byte for byte. */
export interface Unsent {
  method: string;
  /** Path and query. */
  path: string;
  key: string;
  ifMatch: string | null;
  body: string | null;
}

export interface Problem {
  status: number;
  title: string;
  detail: string;
  next: string | null;
}

/** What a person asked for and the server has not heard of yet, or could not do. */
export interface Kept {
  /** The idempotency key: whatever was lost, the command or its answer, it is carried out once. */
  id: string;
  title: string;
  user: string;
  workspace: string;
  /** Unix ms. */
  at: number;
  /** Unix ms; asked for longer ago than that, it may no longer be what the person wants: they are asked again. */
  goodUntil: number;
  request: Unsent;
  /** What it changes, where it can be merged with what others changed meanwhile. */
  edit: Edit | null;
  state: 'waiting' | 'asks' | 'conflict' | 'refused';
  problem: Problem | null;
}

/** In the order in which they were asked for. Every function here is `(outbox, what happened) → outbox`. */
export type Outbox = readonly Kept[];

export const add = (outbox: Outbox, one: Kept): Outbox => (outbox.some((k) => k.id === one.id) ? outbox : [...outbox, one]);

/** With sessions, what the one who is signed in asked for: someone else's is neither shown to them nor sent under their name. */
export const own = (outbox: Outbox, signedIn: boolean, who: string | null): Outbox =>
  signedIn ? outbox.filter((k) => k.user === who) : outbox;

export const drop = (outbox: Outbox, id: string): Outbox => outbox.filter((k) => k.id !== id);

const change = (outbox: Outbox, id: string, over: Partial<Kept>): Outbox => outbox.map((k) => (k.id === id ? { ...k, ...over } : k));

/** A person says that they still want it. */
export const confirm = (outbox: Outbox, id: string, goodUntil: number): Outbox =>
  change(outbox, id, { state: 'waiting', goodUntil, problem: null });

/** The same intention on the state as it is by now: another request, so another key. */
export const replace = (outbox: Outbox, id: string, request: Unsent): Outbox =>
  change(outbox, id, { id: request.key, request, state: 'waiting', problem: null });

/** What has waited for too long asks. */
export const expire = (outbox: Outbox, now: number): Outbox =>
  outbox.some((k) => k.state === 'waiting' && k.goodUntil < now)
    ? outbox.map((k) => (k.state === 'waiting' && k.goodUntil < now ? { ...k, state: 'asks' } : k))
    : outbox;

/** The resource that a command is about: `/v1/projects/shop`, `/v1/members/ben`. */
const about = (one: Kept) => `${one.workspace} ${one.request.path.split('?')[0]!.split('/').slice(0, 4).join('/')}`;

const overlaps = (a: string, b: string) => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

/** The first that may go: nothing overtakes what was asked for earlier about the same thing and is still undecided. */
export function nextToSend(outbox: Outbox): Kept | null {
  const undecided: string[] = [];
  for (const one of outbox) {
    const resource = about(one);
    if (one.state === 'waiting' && !undecided.some((earlier) => overlaps(earlier, resource))) return one;
    undecided.push(resource);
  }
  return null;
}

/** Whether the server decided nothing: not reached, not signed in, too busy, or a fault of its own. */
export const undecided = (status: number) => status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;

export function settle(outbox: Outbox, id: string, status: number, problem: Problem | null): Outbox {
  if (undecided(status)) return outbox;
  if (status < 400) return drop(outbox, id);
  return change(outbox, id, { state: status === 409 || status === 412 || status === 428 ? 'conflict' : 'refused', problem });
}
