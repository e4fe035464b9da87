import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import type { SignInWay } from '../../api/types.ts';

export const loginsQuery = queryOptions({ queryKey: ['logins'], queryFn: async () => (await ask(api.GET('/v1/me/logins', {}))).items });

/** Where the browser is to go: the login is linked when it comes back from there. */
export const startLinking = async (provider: string) => {
  const body = { provider, returnTo: '/account/logins' };
  return (await ask(api.POST('/v1/me/logins', { body }))).location;
};

export const unlinkLogin = (id: string, key: string) =>
  ask(api.DELETE('/v1/me/logins/{id}', { params: { path: { id }, header: { 'Idempotency-Key': key } } }));

/** Ways that lead to a provider: in development mode there are none. */
export const linkable = (ways: SignInWay[]) => ways.filter((way) => way.start);

/** A provider as the sign-in page names it; one that is offered no longer by its id. */
export const providerName = (ways: SignInWay[], id: string) => ways.find((way) => way.id === id)?.name ?? id;
