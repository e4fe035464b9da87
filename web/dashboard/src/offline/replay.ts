import type { QueryClient } from '@tanstack/react-query';
import { asCaller, newKey } from '../api/client.ts';
import { readAgain } from '../api/queries.ts';
import type { Problem as Told } from '../api/types.ts';
import { meQuery } from '../features/Identity/permissions.ts';
import { actingAs } from '../features/Identity/user.ts';
import { mergeable } from './edits.ts';
import { isClean, merge, resolve } from './merge.ts';
import { expire, nextToSend, replace, settle, undecided, type Kept, type Problem } from './outbox.ts';
import { fetchSignedIn, requestOf } from './sending.ts';
import { changeOutbox, readOwnOutbox } from './storage.ts';

/** A busy server says how long to wait; without that, this long. */
const pauseMs = 5_000;

interface Answer {
  status: number;
  problem: Problem | null;
  retryAfterMs: number;
}

/** The one request that is not made through the typed client: the typed client made it, earlier. */
async function sendKept({ request, user, workspace }: Kept): Promise<Answer> {
  const headers: Record<string, string> = { ...asCaller(user, workspace), 'Idempotency-Key': request.key };
  if (request.body !== null) headers['Content-Type'] = 'application/json';
  if (request.ifMatch !== null) headers['If-Match'] = request.ifMatch;
  let response;
  try {
    response = await fetchSignedIn(new Request(request.path, { method: request.method, headers, body: request.body }));
  } catch {
    return { status: 0, problem: null, retryAfterMs: pauseMs };
  }
  const retryAfterMs = 1000 * Number(response.headers.get('Retry-After') ?? 0) || pauseMs;
  if (response.ok) return { status: response.status, problem: null, retryAfterMs };
  const told = ((await response.json().catch(() => null)) ?? {}) as Told;
  const problem = {
    status: response.status,
    title: told.title ?? `The server answered ${response.status}`,
    detail: told.detail ?? '',
    next: told.next ?? null,
  };
  return { status: response.status, problem, retryAfterMs };
}

/** Sends what was kept, in order, whenever the server may be there again. Of several tabs one does it at a time. */
export class Replay {
  private running = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly client: QueryClient,
    private readonly told: (sent: number) => void,
  ) {}

  /** Something may have changed: the server is back, or there is more to send. */
  readonly kick = () => {
    if (this.running) return;
    this.running = true;
    clearTimeout(this.timer);
    void alone(() => this.drain()).finally(() => (this.running = false));
  };

  readonly stop = () => clearTimeout(this.timer);

  private async drain() {
    let sent = 0;
    if (!(await this.knowsWho())) {
      this.timer = setTimeout(this.kick, pauseMs);
      return;
    }
    for (;;) {
      changeOutbox((outbox) => expire(outbox, Date.now()));
      // Read anew for each: in another tab somebody else may have signed in meanwhile.
      const one = nextToSend(readOwnOutbox());
      if (!one) break;
      const answer = await sendKept(one);
      if (undecided(answer.status)) {
        this.timer = setTimeout(this.kick, answer.retryAfterMs);
        break;
      }
      if (answer.status === 412 && one.edit && (await this.rebase(one))) continue;
      changeOutbox((outbox) => settle(outbox, one.id, answer.status, answer.problem));
      if (answer.status < 400) sent++;
    }
    if (sent === 0) return;
    this.told(sent);
    await readAgain(this.client);
  }

  private async knowsWho(): Promise<boolean> {
    if (actingAs() === null) await this.client.fetchQuery({ ...meQuery, staleTime: 0 }).catch(() => null);
    return actingAs() !== null;
  }

  /** Others changed something else: the same change goes out on the new state. False: a person has to look. */
  private async rebase(one: Kept): Promise<boolean> {
    try {
      const now = await mergeable(this.client, one.edit!, one.user);
      const fields = merge(now.base, now.mine, now.theirs);
      if (!isClean(fields, now.apart)) return false;
      const request = await requestOf(newKey(), (key) => now.send(resolve(now.theirs, fields, {}), key));
      changeOutbox((outbox) => replace(outbox, one.id, request));
      return true;
    } catch {
      // What is there now cannot be read: the person is shown the refusal instead.
      return false;
    }
  }
}

/** Without the browser's locks (plain HTTP in a LAN) two tabs may send the same; its key makes it one command. */
const alone = (work: () => Promise<void>) =>
  navigator.locks ? navigator.locks.request('prodsprint-outbox', { ifAvailable: true }, (lock) => (lock ? work() : undefined)) : work();
