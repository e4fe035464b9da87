import type { ProjectView, ReleaseView } from '../../api/types.ts';

/** Versions that have been in production and can be again, newest first. */
export function rollbackTargets(project: ProjectView, releases: ReleaseView[]): ReleaseView[] {
  const seen = new Set([project.stable?.version]);
  return releases.filter((r) => {
    if (r.phase !== 'ended' || (r.outcome !== 'promoted' && r.outcome !== 'fastPromoted') || seen.has(r.version)) return false;
    seen.add(r.version);
    return true;
  });
}
