import { ApiProblem } from '../api/client.ts';
import { actingAs } from '../features/Identity/user.ts';
import { currentWorkspace } from '../features/Tenants/workspace.ts';
import type { Edit } from './edits.ts';
import { add } from './outbox.ts';
import { NotSent, requestOf } from './sending.ts';
import { changeOutbox } from './storage.ts';

/**
 * Whether a command may go out later than it was asked for. `whenever`: a setting is wanted an hour later as well. `soon`: what steers something that
 * moves is asked about again after two minutes. `never`: its answer has to be seen.
 */
export type Later = 'whenever' | 'soon' | 'never';

/** The server keeps keys for 24 h; well before that an answer that was lost is still found. */
export const goodForMs = { whenever: 12 * 3_600_000, soon: 120_000 };

/** The request in a failure that never left, or whose answer was lost; null: the server has spoken. */
const unsentIn = (error: unknown) => (error instanceof ApiProblem && error.cause instanceof NotSent ? error.cause.request : null);

export interface Command {
  title: string;
  key: string;
  later: Later;
  edit: Edit | null;
  run: (key: string) => Promise<unknown>;
}

/** Runs it. What cannot go out now is kept; so is what met a state that others have changed, to be merged with it. Every other failure stands. */
export async function runOrKeep({ title, key, later, edit, run }: Command): Promise<'done' | 'kept' | 'merging'> {
  try {
    await run(key);
    return 'done';
  } catch (error) {
    const unsent = unsentIn(error);
    const stale = edit !== null && error instanceof ApiProblem && error.status === 412;
    const user = actingAs();
    // What nobody can say whose it is cannot wait for them.
    if (later === 'never' || !(unsent || stale) || user === null) throw error;
    const request = unsent ?? (await requestOf(key, run));
    const at = Date.now();
    const goodUntil = at + goodForMs[later];
    const one = { id: key, title, user, workspace: currentWorkspace(), at, goodUntil, request, edit };
    changeOutbox((outbox) => add(outbox, { ...one, state: 'waiting', problem: null }));
    return unsent ? 'kept' : 'merging';
  }
}
