import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import type { MeView, Permission } from '../../api/types.ts';

export const tokensQuery = queryOptions({ queryKey: ['tokens'], queryFn: async () => (await ask(api.GET('/v1/tokens', {}))).items });

export const serviceTokensQuery = queryOptions({
  queryKey: ['service-tokens'],
  queryFn: async () => (await ask(api.GET('/v1/service-tokens', {}))).items,
});

interface Wanted {
  name: string;
  permissions: string[];
  days: number;
  reason: string;
}

export const createToken = (wanted: Wanted) => ask(api.POST('/v1/tokens', { body: wanted }));

export const createServiceToken = (service: string, wanted: Wanted) =>
  ask(api.POST('/v1/service-tokens', { body: { service, ...wanted } }));

export const revokeToken = (id: string, key: string) =>
  ask(api.DELETE('/v1/tokens/{id}', { params: { path: { id }, header: { 'Idempotency-Key': key } } }));

export const revokeServiceToken = (id: string, key: string) =>
  ask(api.DELETE('/v1/service-tokens/{id}', { params: { path: { id }, header: { 'Idempotency-Key': key } } }));

export const serviceName = /^[a-z0-9-]{1,40}$/;

/** What a token can be given: nobody hands on more than they have, and what is about oneself, or says who may what, stays with people. */
export const grantable = (table: Permission[], me: MeView) => table.filter((p) => !p.own && !p.people && me.permissions.includes(p.name));
