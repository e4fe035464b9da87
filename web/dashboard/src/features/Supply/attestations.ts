import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';

export const attestationsQuery = (project: string, digest: string) =>
  queryOptions({
    queryKey: ['attestations', project, digest],
    queryFn: async () =>
      (await ask(api.GET('/v1/projects/{project}/artifacts/{digest}/attestations', { params: { path: { project, digest } } }))).items,
  });

export const attestationKeysQuery = queryOptions({
  queryKey: ['attestation-keys'],
  queryFn: async () => (await ask(api.GET('/v1/attestation-keys', {}))).items,
});

export const rotateKey = (reason: string, key: string) =>
  ask(api.POST('/v1/attestation-keys', { params: { header: { 'Idempotency-Key': key } }, body: { reason } }));
