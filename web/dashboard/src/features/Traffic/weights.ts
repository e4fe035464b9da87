import type { ReleaseView } from '../../api/types.ts';

export interface Share {
  version: string;
  weightPercent: number;
  role: 'stable' | 'canary';
}

/** Who gets how much, as the running release has ordered it. Stable first; both are there even at 0 %. */
export function shares(release: ReleaseView | null | undefined, stableVersion: string | null | undefined): Share[] {
  const running = release && release.phase !== 'ended' ? release : null;
  const stable = running?.stableVersion ?? stableVersion ?? null;
  if (!running || running.version === stable) return stable ? [{ version: stable, weightPercent: 100, role: 'stable' }] : [];
  const canary = running.canaryWeightPercent;
  const list: Share[] = stable ? [{ version: stable, weightPercent: 100 - canary, role: 'stable' }] : [];
  return [...list, { version: running.version, weightPercent: canary, role: 'canary' }];
}
