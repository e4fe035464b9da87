import { queryOptions } from '@tanstack/react-query';
import { api, ApiProblem, ask } from '../../api/client.ts';
import type { TestsView } from '../../api/types.ts';
import { inDays } from '../../app/format.ts';

const runsOf = async (project: string) =>
  (await ask(api.GET('/v1/projects/{project}/tests/runs', { params: { path: { project } } }))).items;

/** Null: no build's tests have written a report yet. */
export const testsQuery = (project: string) =>
  queryOptions({
    queryKey: ['tests', project],
    queryFn: async (): Promise<TestsView | null> => {
      // Where nothing has run there is nothing to ask for, and a browser writes every 404 into its console.
      if ((await runsOf(project)).length === 0) return null;
      try {
        return await ask(api.GET('/v1/projects/{project}/tests', { params: { path: { project } } }));
      } catch (error) {
        if (error instanceof ApiProblem && error.problem.code === 'tests.not-found') return null;
        throw error;
      }
    },
  });

/** Newest first, as the server has them. */
export const testRunsQuery = (project: string) =>
  queryOptions({
    queryKey: ['tests', project, 'runs'],
    queryFn: () => runsOf(project),
  });

export const testHistoryQuery = (project: string, test: string) =>
  queryOptions({
    queryKey: ['tests', project, 'history', test],
    queryFn: async () =>
      (await ask(api.GET('/v1/projects/{project}/tests/history', { params: { path: { project }, query: { test } } }))).items,
    enabled: test !== '',
  });

export const quarantineQuery = (project: string) =>
  queryOptions({
    queryKey: ['tests', project, 'quarantine'],
    queryFn: async () => (await ask(api.GET('/v1/projects/{project}/tests/quarantine', { params: { path: { project } } }))).items,
  });

export const quarantineTest = (
  project: string,
  { test, ticket, days }: { test: string; ticket: string; days: number },
  reason: string,
  key: string,
) =>
  ask(
    api.POST('/v1/projects/{project}/tests/quarantine', {
      params: { path: { project }, header: { 'Idempotency-Key': key } },
      body: { test: test.trim(), ticket: ticket.trim(), expires: inDays(days), reason },
    }),
  );

export const releaseTest = (project: string, test: string, reason: string, key: string) =>
  ask(
    api.POST('/v1/projects/{project}/tests/quarantine/release', {
      params: { path: { project }, header: { 'Idempotency-Key': key } },
      body: { test, reason },
    }),
  );
