import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import type { SecretKind, SecretView } from '../../api/types.ts';

export const secretsQuery = (project: string) =>
  queryOptions({
    queryKey: ['secrets', project],
    queryFn: async () =>
      (await ask(api.GET('/v1/projects/{project}/secrets', { params: { path: { project }, query: { limit: 500 } } }))).items.filter(
        (s) => s.phase !== 'removed',
      ),
  });

export const secretQuery = (project: string, environment: string, name: string) =>
  queryOptions({
    queryKey: ['secrets', project, environment, name],
    queryFn: () =>
      ask(api.GET('/v1/projects/{project}/secrets/{environment}/{name}', { params: { path: { project, environment, name } } })),
  });

export type Place = Pick<SecretView, 'project' | 'environment' | 'name'>;

const about = ({ project, environment, name }: Place, key: string) => ({
  path: { project, environment, name },
  header: { 'Idempotency-Key': key },
});

export interface SecretDraft {
  environment: string;
  name: string;
  kind: SecretKind;
  value: string;
  create: string;
  verify: string;
  revoke: string;
  credential: string;
}

export const emptyDraft: SecretDraft = {
  environment: 'production',
  name: '',
  kind: 'value',
  value: '',
  create: '',
  verify: '',
  revoke: '',
  credential: '',
};

export const secretName = /^[A-Z_][A-Z0-9_]{0,63}$/;
const address = /^https?:\/\/[^\s/]+/;

/** Whether there is something to send; what the server alone knows it says itself. */
export function isWhole({ name, kind, value, create, verify, revoke, credential }: SecretDraft): boolean {
  if (!secretName.test(name.trim())) return false;
  if (kind === 'value') return value !== '';
  if (kind === 'postgresPassword') return true;
  return (
    [create, verify, revoke].every((one) => address.test(one.trim())) && (credential.trim() === '' || secretName.test(credential.trim()))
  );
}

/** A value is sent once and never kept: no idempotency key, so that neither this browser nor the server's memory of answers holds it. */
export function setSecret(place: Place, draft: SecretDraft, reason: string) {
  const { kind, value, create, verify, revoke, credential } = draft;
  const by = { create: create.trim(), verify: verify.trim(), revoke: revoke.trim(), credential: credential.trim() || null };
  return ask(
    api.POST('/v1/projects/{project}/secrets/{environment}/{name}/versions', {
      params: { path: { project: place.project, environment: place.environment, name: place.name } },
      body: { kind, reason, ...(kind === 'value' && { value }), ...(kind === 'apiKey' && { provider: by }) },
    }),
  );
}

export const rotateSecret = (place: Place, overlapHours: number, reason: string, key: string) =>
  ask(
    api.POST('/v1/projects/{project}/secrets/{environment}/{name}/rotate', { params: about(place, key), body: { overlapHours, reason } }),
  );

/** Null: only when somebody asks. */
export const scheduleSecret = (place: Place, everyDays: number | null, overlapHours: number, reason: string, key: string) =>
  ask(
    api.POST('/v1/projects/{project}/secrets/{environment}/{name}/schedule', {
      params: about(place, key),
      body: { everyDays, overlapHours, reason },
    }),
  );

export const checkSecret = (place: Place, key: string) =>
  ask(api.POST('/v1/projects/{project}/secrets/{environment}/{name}/check', { params: about(place, key), body: {} }));

export const restoreSecret = (place: Place, reason: string, key: string) =>
  ask(api.POST('/v1/projects/{project}/secrets/{environment}/{name}/restore', { params: about(place, key), body: { reason } }));

export const revokeSecret = (place: Place, reason: string, key: string) =>
  ask(api.POST('/v1/projects/{project}/secrets/{environment}/{name}/revoke', { params: about(place, key), body: { reason } }));

export const removeSecret = ({ project, environment, name }: Place, force: boolean, reason: string, key: string) =>
  ask(
    api.DELETE('/v1/projects/{project}/secrets/{environment}/{name}', {
      params: { path: { project, environment, name }, query: { force, reason }, header: { 'Idempotency-Key': key } },
    }),
  );
