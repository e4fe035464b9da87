import { newKey } from '../api/client.ts';
import { forgeryHeader, forgeryToken, hasSession, renewalsSoFar, renewSession } from '../api/session.ts';
import { nextToSend, type Unsent } from './outbox.ts';
import { readOwnOutbox } from './storage.ts';

/** The server was not reached, or earlier commands still wait for it: this one can be kept. */
export class NotSent extends TypeError {
  constructor(readonly request: Unsent) {
    super('The server was not reached.');
  }
}

async function unsentOf(request: Request): Promise<Unsent | null> {
  const key = request.headers.get('Idempotency-Key');
  if (request.method === 'GET' || !key) return null;
  const { pathname, search } = new URL(request.url);
  const body = await request.clone().text();
  return { method: request.method, path: pathname + search, key, ifMatch: request.headers.get('If-Match'), body: body || null };
}

const onlyMade = new Set<string>();

/** The request that a command would be, without sending it. */
export async function requestOf(key: string, command: (key: string) => Promise<unknown>): Promise<Unsent> {
  onlyMade.add(key);
  try {
    await command(key);
  } catch (cause) {
    const made = cause instanceof NotSent ? cause : (cause as { cause?: unknown } | null)?.cause;
    if (made instanceof NotSent) return made.request;
    throw cause;
  } finally {
    onlyMade.delete(key);
  }
  throw new Error('This command makes no request that can be kept.');
}

/** With a new access token where the one before has run out; the request as it is goes out once at most. */
export async function fetchSignedIn(request: Request): Promise<Response> {
  const again = hasSession() ? request.clone() : null;
  const seen = renewalsSoFar();
  const response = await fetch(request);
  if (response.status !== 401 || !again || !(await renewSession(seen))) return response;
  if (again.headers.has(forgeryHeader)) again.headers.set(forgeryHeader, forgeryToken() ?? '');
  return fetch(again);
}

/** Keys of commands that bring none of their own (their answers hold a secret, so they are never kept), until there is an answer. */
const unanswered = new Map<string, string>();

/** Asked for once more after a lost answer, or by a second click, it is still one command: no second token, no second webhook. */
async function sendKeyed(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const what = `${request.method} ${pathname}${search} ${await request.clone().text()}`;
  const key = unanswered.get(what) ?? newKey();
  unanswered.set(what, key);
  request.headers.set('Idempotency-Key', key);
  const response = await fetchSignedIn(request);
  unanswered.delete(what);
  return response;
}

/** `fetch`, but for commands: what cannot go out now comes back whole, to be kept. */
export async function send(request: Request): Promise<Response> {
  const unsent = await unsentOf(request);
  // What is asked for now must not overtake what was asked for before.
  if (unsent && (onlyMade.has(unsent.key) || nextToSend(readOwnOutbox()))) throw new NotSent(unsent);
  try {
    return await (unsent || request.method === 'GET' ? fetchSignedIn(request) : sendKeyed(request));
  } catch (cause) {
    throw unsent ? new NotSent(unsent) : cause;
  }
}
