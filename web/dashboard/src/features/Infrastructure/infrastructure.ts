import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import { jobQuery } from '../../api/queries.ts';
import type { InfrastructureView } from '../../api/types.ts';

export const infrastructureQuery = (project: string) =>
  queryOptions({
    queryKey: ['infrastructure', project],
    queryFn: async () => (await ask(api.GET('/v1/projects/{project}/infrastructure', { params: { path: { project } } }))).items,
  });

export const statesQuery = (project: string, environment: string) =>
  queryOptions({
    queryKey: ['infrastructure', project, environment, 'states'],
    queryFn: async () =>
      (await ask(api.GET('/v1/projects/{project}/infrastructure/{environment}/states', { params: { path: { project, environment } } })))
        .items,
  });

const whileRunningMs = 1_000;

/** A job and the end of its log; nothing tells of new lines, so they are asked for until it has ended. */
export const outputQuery = (job: string) =>
  queryOptions({
    ...jobQuery(job),
    refetchInterval: ({ state: { data } }: { state: { data: { endedAt?: string | null } | undefined } }) =>
      data?.endedAt ? false : whileRunningMs,
  });

export type Place = Pick<InfrastructureView, 'project' | 'environment'>;

const about = ({ project, environment }: Place, key: string) => ({ path: { project, environment }, header: { 'Idempotency-Key': key } });

export const planInfrastructure = (place: Place, destroy: boolean, reason: string, key: string) =>
  ask(api.POST('/v1/projects/{project}/infrastructure/{environment}/plan', { params: about(place, key), body: { destroy, reason } }));

export const approveInfrastructure = (place: Place, digest: string, reason: string, key: string) =>
  ask(api.POST('/v1/projects/{project}/infrastructure/{environment}/approve', { params: about(place, key), body: { digest, reason } }));

export const applyInfrastructure = (place: Place, reason: string, key: string) =>
  ask(api.POST('/v1/projects/{project}/infrastructure/{environment}/apply', { params: about(place, key), body: { reason } }));

export const checkDrift = (place: Place, key: string) =>
  ask(api.POST('/v1/projects/{project}/infrastructure/{environment}/drift', { params: about(place, key), body: {} }));

export const acceptDrift = (place: Place, digest: string, reason: string, key: string) =>
  ask(
    api.POST('/v1/projects/{project}/infrastructure/{environment}/drift/accept', { params: about(place, key), body: { digest, reason } }),
  );

export const reapplyInfrastructure = (place: Place, digest: string, reason: string, key: string) =>
  ask(
    api.POST('/v1/projects/{project}/infrastructure/{environment}/drift/reapply', { params: about(place, key), body: { digest, reason } }),
  );

export const restoreState = (place: Place, version: number, reason: string, key: string) =>
  ask(
    api.POST('/v1/projects/{project}/infrastructure/{environment}/states/{version}/restore', {
      params: { ...about(place, key), path: { project: place.project, environment: place.environment, version } },
      body: { reason },
    }),
  );
