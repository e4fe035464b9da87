import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import type { ConnectionBody, ConnectionView, GroupRole, Role, SamlSigned } from '../../api/types.ts';

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

export const verifyDomain = (id: string, domain: string, key: string) =>
  ask(api.POST('/v1/connections/{id}/domains/{domain}/verify', { params: { path: { id, domain }, header: keyed(key) } }));

export const makeScimToken = (id: string) => ask(api.POST('/v1/connections/{id}/scim-token', { params: { path: { id } } }));

export const revokeScimToken = (id: string, key: string) =>
  ask(api.DELETE('/v1/connections/{id}/scim-token', { params: { path: { id }, header: keyed(key) } }));

export const signedChoices: { value: SamlSigned; label: string }[] = [
  { value: 'both', label: 'The response and the assertion' },
  { value: 'assertion', label: 'The assertion' },
  { value: 'response', label: 'The response' },
  { value: 'either', label: 'One of them' },
];

/** What of a connection is edited; `seen` is the state that it was read from. */
export interface Settings {
  seen: number;
  name: string;
  enabled: boolean;
  issuer: string;
  clientId: string;
  clientSecret: string;
  scopes: string;
  metadataUrl: string;
  signed: SamlSigned;
  justInTime: boolean;
  defaultRoles: Role[];
  groups: GroupRole[];
  groupsClaim: string;
}

export const settingsOf = (c: ConnectionView): Settings => ({
  seen: c.stateVersion,
  name: c.name,
  enabled: c.enabled,
  issuer: c.issuer ?? '',
  clientId: c.clientId ?? '',
  clientSecret: '',
  scopes: c.scopes.join(' '),
  metadataUrl: '',
  signed: c.signed ?? 'both',
  justInTime: c.justInTime,
  defaultRoles: c.defaultRoles,
  groups: c.groupRoles,
  groupsClaim: c.groupsClaim ?? '',
});

/** The server takes no more. */
export const mostGroups = 200;

/** Whole, and different from what there is. */
export function canChange(c: ConnectionView, s: Settings): boolean {
  const groups = s.groups.map(({ group, role }) => `${group.trim()} ${role}`);
  return (
    s.name.trim() !== '' &&
    (c.kind === 'saml' || (s.issuer.trim() !== '' && s.clientId.trim() !== '')) &&
    s.groups.every(({ group }) => group.trim() !== '') &&
    new Set(groups).size === groups.length &&
    JSON.stringify(s) !== JSON.stringify({ ...settingsOf(c), seen: s.seen })
  );
}

/** Everything is sent, because what is left out gets its default; only the secret stays. */
export function changesOf(c: ConnectionView, s: Settings, reason: string): ConnectionBody {
  const both: ConnectionBody = {
    name: s.name.trim(),
    enabled: s.enabled,
    justInTime: s.justInTime,
    defaultRoles: s.defaultRoles,
    groupRoles: s.groups.map(({ group, role }) => ({ group: group.trim(), role })),
    groupsClaim: s.groupsClaim.trim() || null,
    reason,
  };
  if (c.kind === 'oidc') {
    const scopes = s.scopes.split(/\s+/).filter((scope) => scope !== '');
    return {
      ...both,
      issuer: s.issuer.trim(),
      clientId: s.clientId.trim(),
      scopes,
      ...(s.clientSecret && { clientSecret: s.clientSecret }),
    };
  }
  const metadataUrl = s.metadataUrl.trim();
  const provider = metadataUrl ? { metadataUrl } : { entityId: c.entityId, signOnUrl: c.signOnUrl, certificates: c.certificates };
  return { ...both, ...provider, signed: s.signed };
}

export const changeConnection = (c: ConnectionView, s: Settings, reason: string, key: string) =>
  ask(
    api.PUT('/v1/connections/{id}/settings', {
      params: { path: { id: c.id }, header: { 'If-Match': `"${s.seen}.seen"`, ...keyed(key) } },
      body: changesOf(c, s, reason),
    }),
  );

export interface Draft {
  kind: 'oidc' | 'saml';
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  metadataUrl: string;
  signed: SamlSigned;
}

export const emptyDraft: Draft = { kind: 'oidc', name: '', issuer: '', clientId: '', clientSecret: '', metadataUrl: '', signed: 'both' };

/** What the provider needs, and nothing of the other kind. */
export function bodyOf({ kind, name, issuer, clientId, clientSecret, metadataUrl, signed }: Draft, reason: string): ConnectionBody {
  const both = { kind, name: name.trim(), enabled: true, justInTime: true, defaultRoles: ['viewer' as const], reason };
  return kind === 'oidc'
    ? { ...both, issuer: issuer.trim(), clientId: clientId.trim(), clientSecret }
    : { ...both, metadataUrl: metadataUrl.trim(), signed };
}

export const isWhole = (d: Draft) =>
  d.name.trim() !== '' &&
  (d.kind === 'oidc' ? d.issuer.trim() !== '' && d.clientId.trim() !== '' && d.clientSecret !== '' : d.metadataUrl.trim() !== '');
