import createClient from 'openapi-fetch';
import { currentUser } from '../features/Identity/user.ts';
import { send } from '../offline/sending.ts';
import { currentWorkspace } from '../features/Tenants/workspace.ts';
import type { paths } from './schema.ts';
import { forgeryHeader, forgeryToken, goToConfirm, goToSetUp, goToSignIn } from './session.ts';
import type { Problem } from './types.ts';

/** A refusal or a failure, in the words of the server where it had any. */
export class ApiProblem extends Error {
  constructor(
    readonly problem: Problem,
    readonly status: number,
    options?: ErrorOptions,
  ) {
    super(problem.detail || problem.title || `The server answered ${status}.`, options);
  }
  get title() {
    return this.problem.title ?? 'Something went wrong';
  }
  get next() {
    return this.problem.next;
  }
}

export const api = createClient<paths>({ baseUrl: '', fetch: send });

/** Who asks, and where. With a session the server knows who; without one, in development mode, it takes the name. */
export function asCaller(user: string, workspace: string): Record<string, string> {
  const forgery = forgeryToken();
  return { ...(forgery ? { [forgeryHeader]: forgery } : { 'X-ProdSprint-User': user }), 'X-ProdSprint-Workspace': workspace };
}

api.use({
  onRequest({ request }) {
    for (const [name, value] of Object.entries(asCaller(currentUser(), currentWorkspace()))) request.headers.set(name, value);
    return request;
  },
});

/** Turns openapi-fetch's `{data, error}` into a value or a thrown ApiProblem, which is what TanStack Query wants. */
export async function ask<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let answer;
  try {
    answer = await call;
  } catch (cause) {
    throw new ApiProblem(
      {
        title: 'The server cannot be reached',
        detail: cause instanceof SyntaxError ? 'Its answer was not JSON.' : 'No answer at this address.',
        next: 'prodsprint status',
      },
      0,
      { cause },
    );
  }
  const { data, error, response } = answer;
  if (!response.ok) {
    const problem = typeof error === 'object' && error !== null ? (error as Problem) : {};
    if (response.status === 401 && problem.code?.startsWith('session.')) goToSignIn(forgeryToken() !== null);
    if (problem.code === 'session.second-factor') goToConfirm();
    if (problem.code === 'workspace.second-factor') goToSetUp();
    throw new ApiProblem({ ...problem, title: problem.title ?? titleOf(response.status) }, response.status);
  }
  return data as T;
}

function titleOf(status: number) {
  switch (status) {
    case 401:
      return 'Not signed in';
    case 403:
      return 'Not allowed';
    case 404:
      return 'Not found';
    case 409:
      return 'Not possible now';
    case 422:
      return 'Not accepted';
    case 429:
      return 'Too many requests';
    default:
      return `The server answered ${status}`;
  }
}

/** One key per intention: made when the dialog opens, so that a click repeated after a lost answer is still one command. */
export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  // randomUUID exists in secure contexts only; a dashboard reached over plain HTTP in a LAN has none.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
}
