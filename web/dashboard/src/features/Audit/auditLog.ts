import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import type { AuditFilter, AuditLine } from '../../api/types.ts';

const pageSize = 50;

/** Newest first, page by page. Each page asked for leaves a row in the log itself, so nothing is asked for that nobody wants to see. */
export const auditLogQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit-log', filter],
    queryFn: ({ pageParam }) =>
      ask(api.GET('/v1/admin/audit-logs', { params: { query: { ...filter, limit: pageSize, after: pageParam } } })),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.next ? Number(page.next) : undefined),
    staleTime: Infinity,
    refetchOnMount: false,
  });

export const verifyLog = (head: string | undefined) =>
  ask(api.GET('/v1/admin/audit-logs/verify', { params: { query: head ? { head } : {} } }));

export type ExportFormat = 'csv' | 'json';

/** The file as the server writes it, handed to the browser's downloads. */
export async function exportLog(filter: AuditFilter, format: ExportFormat, name: string) {
  const file = await ask(api.GET('/v1/admin/audit-logs/export', { params: { query: { ...filter, format } }, parseAs: 'blob' }));
  const url = URL.createObjectURL(file as unknown as Blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export const exportName = (workspace: string, format: ExportFormat) => `audit-${workspace}.${format === 'csv' ? 'csv' : 'jsonl'}`;

/** A head is what a verification ends with: number and hash of the last row. */
export const headPattern = /^\d{1,18}:[0-9a-f]{64}$/;

/** The resource is a path below /v1; whose own page there is has a link. */
export function pageOf(line: AuditLine): string | null {
  const found = /^projects\/([^/]+)(?:\/(releases|plans)\/(\d+))?/.exec(line.resource);
  if (!found) return null;
  const [, project, kind, number] = found;
  return kind === 'releases'
    ? `/projects/${project}/releases/${number}`
    : kind === 'plans'
      ? `/projects/${project}/plan/${number}`
      : `/projects/${project}`;
}
