import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import type { SignInFault, SignInWay } from '../../api/types.ts';

export const configQuery = queryOptions({ queryKey: ['config'], queryFn: () => ask(api.GET('/v1/config', {})), staleTime: Infinity });

/** Every code a sign-in may end with, in the server's words. */
export const faultsQuery = queryOptions({
  queryKey: ['sign-in-faults'],
  queryFn: async () => (await ask(api.GET('/v1/sign-in/faults', {}))).items,
  staleTime: Infinity,
});

export const findWay = async (email: string) => (await ask(api.GET('/v1/sign-in/route', { params: { query: { email } } }))).way ?? null;

/** By a code that was made at the machine: how the first Admin comes in. */
export const enrol = (code: string) => ask(api.POST('/v1/sign-in/enrol', { body: { code, tool: false } }));

/** Our own endings, beside the server's. */
const own: SignInFault[] = [
  { code: 'session.over', title: 'Your session has ended.', next: 'Sign in again: you come back to where you were.' },
];

/** What happened and what to do, also for a code that a newer server knows and this page does not. */
export function faultOf(code: string, known: SignInFault[]): SignInFault {
  return (
    [...own, ...known].find((f) => f.code === code) ?? {
      code,
      title: 'You were not signed in.',
      next: 'Try again, or sign in another way.',
    }
  );
}

/** A page of ours to come back to; anything else is the start page. */
export const safeReturn = (to: string | undefined) => (to && /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in') ? to : '/');

export const startOf = (way: SignInWay, returnTo: string) => `${way.start}?${new URLSearchParams({ returnTo })}`;
