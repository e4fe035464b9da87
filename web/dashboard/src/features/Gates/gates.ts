import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import type { GateWaiver } from '../../api/types.ts';
import type { WaiverDraft } from './waivers.ts';
import { inDays } from '../../app/format.ts';

export const readinessQuery = (project: string) =>
  queryOptions({
    queryKey: ['readiness', project],
    queryFn: () => ask(api.GET('/v1/readiness/{project}', { params: { path: { project } } })),
  });

export const waiversQuery = (project: string) =>
  queryOptions({
    queryKey: ['waivers', project],
    queryFn: async () => (await ask(api.GET('/v1/projects/{project}/waivers', { params: { path: { project } } }))).items,
  });

export const advisoriesQuery = queryOptions({
  queryKey: ['advisories'],
  queryFn: () => ask(api.GET('/v1/admin/advisories', {})),
});

export const createWaiver = (project: string, { covers, subject, package: pkg, ticket, days }: WaiverDraft, reason: string, key: string) =>
  ask(
    api.POST('/v1/projects/{project}/waivers', {
      params: { path: { project }, header: { 'Idempotency-Key': key } },
      body: {
        covers,
        subject: subject.trim(),
        package: pkg.trim() || null,
        ticket: ticket.trim(),
        expires: inDays(days),
        reason,
      },
    }),
  );

export const revokeWaiver = (project: string, { number }: GateWaiver, reason: string, key: string) =>
  ask(
    api.POST('/v1/projects/{project}/waivers/{number}/revoke', {
      params: { path: { project, number }, header: { 'Idempotency-Key': key } },
      body: { reason },
    }),
  );
