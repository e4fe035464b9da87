import type { ReleaseView, Traffic, VersionWeight } from '../../api/types.ts';

export interface Share {
  version: string;
  weightPercent: number;
  role: 'stable' | 'canary';
}

/** Who gets how much. The router's own weights when it has told them, else what the release has ordered. Stable first, always both. */
export function shares(release: ReleaseView | null | undefined, stableVersion: string | null | undefined, traffic?: Traffic | null): Share[] {
  const told = traffic?.weights?.filter((w) => w.version !== '') ?? [];
  const running = release && release.phase !== 'ended' ? release : null;
  const stable = running?.stableVersion ?? stableVersion ?? null;
  if (running && running.version !== stable) {
    const ordered = running.canaryWeightPercent;
    const canary = weightOf(told, running.version) ?? ordered;
    const list: Share[] = stable ? [{ version: stable, weightPercent: weightOf(told, stable) ?? 100 - canary, role: 'stable' }] : [];
    return [...list, { version: running.version, weightPercent: canary, role: 'canary' }];
  }
  return stable ? [{ version: stable, weightPercent: 100, role: 'stable' }] : [];
}

function weightOf(weights: VersionWeight[], version: string): number | null {
  const mine = weights.filter((w) => w.version === version);
  return mine.length === 0 ? null : mine.reduce((sum, w) => sum + w.weightPercent, 0);
}
