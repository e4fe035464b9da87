import type { QueryClient } from '@tanstack/react-query';
import { auditQuery, plansQuery, projectQuery, releaseQuery, releasesQuery, timelineQuery, trafficQuery } from '../../api/queries.ts';

/** Asks for what a project's pages show while their chunks are still on their way; what fails is asked for again by the page, which can say so. */
export function openProject(client: QueryClient, id: string) {
  void client.prefetchQuery(plansQuery(id));
  void client.prefetchQuery(releasesQuery(id));
  void client.prefetchQuery(trafficQuery(id));
  void client.prefetchQuery(auditQuery(id));
  void client.prefetchQuery(timelineQuery(id));
  void client
    .fetchQuery(projectQuery(id))
    .then(({ activeRelease }) => (activeRelease ? client.prefetchQuery(releaseQuery(id, activeRelease)) : undefined))
    .catch(() => undefined);
}
