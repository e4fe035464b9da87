import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import type { FreezeWindow, ProjectView, WorkspaceFreezeView } from '../../api/types.ts';

/** The state that the person has before their eyes: if somebody else was quicker, the server refuses instead of wiping their change out. */
const seen = (project: ProjectView) => `"${project.stateVersion}.seen"`;

export const setFreezeWindows = (project: ProjectView, windows: FreezeWindow[], reason: string, key: string) =>
  ask(
    api.PUT('/v1/projects/{project}/freeze', {
      params: { path: { project: project.id }, header: { 'If-Match': seen(project), 'Idempotency-Key': key } },
      body: { windows, reason },
    }),
  );

export const workspaceFreezeQuery = queryOptions({ queryKey: ['freeze'], queryFn: () => ask(api.GET('/v1/freeze', {})) });

export const setWorkspaceFreeze = (seenView: WorkspaceFreezeView, windows: FreezeWindow[], reason: string, key: string) =>
  ask(
    api.PUT('/v1/freeze', {
      params: { header: { 'If-Match': `"${seenView.stateVersion}.seen"`, 'Idempotency-Key': key } },
      body: { windows, reason },
    }),
  );

/** Null removes the name. */
export const setVariables = (project: ProjectView, values: Record<string, string | null>, reason: string, key: string) =>
  ask(
    api.PUT('/v1/projects/{project}/variables', {
      params: { path: { project: project.id }, header: { 'If-Match': seen(project), 'Idempotency-Key': key } },
      body: { values: values as Record<string, string>, reason },
    }),
  );

export const variableName = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
