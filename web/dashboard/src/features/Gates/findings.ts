import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import type { FindingsPage, FindingStanding, FindingView } from '../../api/types.ts';

/** `standing`: only these; all when left out. Of the newest release whose gate has looked. */
export const findingsQuery = (project: string, standing?: FindingStanding) =>
  infiniteQueryOptions({
    queryKey: ['findings', project, standing ?? null],
    queryFn: ({ pageParam }) =>
      ask(
        api.GET('/v1/projects/{project}/findings', { params: { path: { project }, query: { standing, after: pageParam ?? undefined } } }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: FindingsPage) => page.next ?? undefined,
  });

const order = ['critical', 'denied', 'high', 'medium', 'low', 'unknown'];

/** "1 critical, 2 high, 4 low": the worst first. */
export function levelsInWords(levels: Record<string, number>): string {
  return Object.entries(levels)
    .filter(([, n]) => n > 0)
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([level, n]) => `${n} ${level === 'denied' ? (n === 1 ? 'denied licence' : 'denied licences') : level}`)
    .join(', ');
}

/** Where an advisory is told; null for a licence, and for an id that no public list has. */
export function advisoryAddress({ kind, id }: Pick<FindingView, 'kind' | 'id'>): string | null {
  return kind === 'vulnerability' && /^[A-Z][A-Za-z0-9]*-[A-Za-z0-9-]+$/.test(id) ? `https://osv.dev/vulnerability/${id}` : null;
}
