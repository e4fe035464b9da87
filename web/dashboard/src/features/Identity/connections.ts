import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import type { ConnectionBody } from '../../api/types.ts';

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: async () => (await ask(api.GET('/v1/connections', {}))).items,
});

const keyed = (key: string) => ({ 'Idempotency-Key': key });

export const createConnection = (body: ConnectionBody, key: string) =>
  ask(api.POST('/v1/connections', { params: { header: keyed(key) }, body }));

export const removeConnection = (id: string, key: string) =>
  ask(api.DELETE('/v1/connections/{id}', { params: { path: { id }, header: keyed(key) } }));

export const testConnection = (id: string, key: string) =>
  ask(api.POST('/v1/connections/{id}/test', { params: { path: { id }, header: keyed(key) } }));

export const stateDomain = (id: string, domain: string, reason: string, key: string) =>
  ask(api.PUT('/v1/connections/{id}/domains/{domain}', { params: { path: { id, domain }, header: keyed(key) }, body: { reason } }));

export const dropDomain = (id: string, domain: string, key: string) =>
  ask(api.DELETE('/v1/connections/{id}/domains/{domain}', { params: { path: { id, domain }, header: keyed(key) } }));

export const makeScimToken = (id: string, key: string) =>
  ask(api.POST('/v1/connections/{id}/scim-token', { params: { path: { id }, header: keyed(key) } }));

export interface Draft {
  kind: 'oidc' | 'saml';
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  metadataUrl: string;
}

export const emptyDraft: Draft = { kind: 'oidc', name: '', issuer: '', clientId: '', clientSecret: '', metadataUrl: '' };

/** What the provider needs, and nothing of the other kind. */
export function bodyOf({ kind, name, issuer, clientId, clientSecret, metadataUrl }: Draft, reason: string): ConnectionBody {
  const both = { kind, name: name.trim(), enabled: true, justInTime: true, defaultRoles: ['viewer' as const], reason };
  return kind === 'oidc'
    ? { ...both, issuer: issuer.trim(), clientId: clientId.trim(), clientSecret }
    : { ...both, metadataUrl: metadataUrl.trim() };
}

export const isWhole = (d: Draft) =>
  d.name.trim() !== '' &&
  (d.kind === 'oidc' ? d.issuer.trim() !== '' && d.clientId.trim() !== '' && d.clientSecret !== '' : d.metadataUrl.trim() !== '');
