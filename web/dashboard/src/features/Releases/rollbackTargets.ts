import type { ProjectView } from '../../api/types.ts';

/** Versions that have been in production and can be again, newest first, each once. */
export function rollbackTargets(project: ProjectView): string[] {
  const versions = (project.good ?? []).map((g) => g.version);
  return [...new Set(versions)].filter((v) => v !== project.stable?.version);
}
