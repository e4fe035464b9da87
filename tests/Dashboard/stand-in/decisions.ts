import type { DecisionView } from '../../../web/dashboard/src/api/types.ts';
import type { World } from './world.ts';

/** What waits for a person: plans that are ready, releases that are held or wait. */
export function decisions(world: World): DecisionView[] {
  const list: DecisionView[] = [];
  for (const p of world.plans.values())
    if (p.status === 'ready')
      list.push({
        id: `plan/${p.project}/${p.number}`,
        kind: 'plan-approval',
        title: `Approve plan ${p.number} of ${p.project} (${p.version})`,
        allowed: ['approve'],
        project: p.project,
        plan: p.number,
        requestedBy: p.requestedBy,
        since: p.requestedAt,
        detail: 'One blocker stands. Nothing of the repository has been executed yet.',
      });
  for (const r of world.releases.values())
    if (r.phase === 'held' || r.phase === 'awaitingApproval')
      list.push({
        id: r.key,
        kind: r.phase === 'held' ? 'hold' : 'release-approval',
        title: `Release ${r.number} of ${r.project} (${r.version}) ${r.phase === 'held' ? 'is held' : 'waits for approval'}`,
        allowed: r.allowed,
        project: r.project,
        release: r.number,
        requestedBy: r.startedBy,
        since: r.startedAt,
        detail: r.message,
      });
  return list;
}
