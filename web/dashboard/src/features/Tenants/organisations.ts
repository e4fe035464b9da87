import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';

export const workspacesQuery = queryOptions({
  queryKey: ['workspaces'],
  queryFn: async () => (await ask(api.GET('/v1/workspaces', { params: { query: { limit: 100 } } }))).items,
});

export const organisationsQuery = queryOptions({
  queryKey: ['organisations'],
  queryFn: async () => (await ask(api.GET('/v1/organisations', {}))).items,
});

export const organisationQuery = (organisation: string) =>
  queryOptions({
    queryKey: ['organisations', organisation],
    queryFn: () => ask(api.GET('/v1/organisations/{organisation}', { params: { path: { organisation } } })),
  });

/** Of a workspace, and of an organisation. Capital letters only older servers took. */
export const newName = /^[a-z0-9][a-z0-9._-]{0,63}$/;
export const newNameHint = 'Lower-case letters, digits, “.”, “-” and “_”, 64 at most.';

const header = (key: string) => ({ 'Idempotency-Key': key });

export const createWorkspace = (name: string, organisation: string | null, reason: string, key: string) =>
  ask(api.POST('/v1/workspaces', { params: { header: header(key) }, body: { name, ...(organisation && { organisation }), reason } }));

export const createOrganisation = (id: string, title: string, reason: string, key: string) =>
  ask(api.POST('/v1/organisations', { params: { header: header(key) }, body: { id, ...(title && { title }), reason } }));

export const addOrganisationAdmin = (organisation: string, user: string, reason: string, key: string) =>
  ask(
    api.PUT('/v1/organisations/{organisation}/admins/{user}', {
      params: { path: { organisation, user }, header: header(key) },
      body: { reason },
    }),
  );

export const removeOrganisationAdmin = (organisation: string, user: string, key: string) =>
  ask(api.DELETE('/v1/organisations/{organisation}/admins/{user}', { params: { path: { organisation, user }, header: header(key) } }));

export const setOrganisationPolicy = (organisation: string, secondFactor: boolean, reason: string, key: string) =>
  ask(
    api.PUT('/v1/organisations/{organisation}/security-policy', {
      params: { path: { organisation }, header: header(key) },
      body: { secondFactor, reason },
    }),
  );

export const joinWorkspace = (organisation: string, workspace: string, reason: string, key: string) =>
  ask(
    api.PUT('/v1/organisations/{organisation}/workspaces/{workspace}/admin', {
      params: { path: { organisation, workspace }, header: header(key) },
      body: { reason },
    }),
  );
