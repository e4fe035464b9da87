import type { InfrastructureChange, InfrastructureView } from '../../api/types.ts';
import type { IconName } from '../../app/Icon.tsx';

export interface Shown {
  tone: 'good' | 'bad' | 'hold' | 'plain' | 'accent';
  icon: IconName;
  text: string;
}

/** Somebody has to do something about it. */
export const openDrift = (i: InfrastructureView) => (i.drift && !i.drift.acceptedBy ? i.drift : null);

/** Where an environment stands, in one word; what is at work before what waits, and a drift before all is well. */
export function stateOf(i: InfrastructureView): Shown {
  switch (i.phase) {
    case 'planning':
      return { tone: 'accent', icon: 'clock', text: 'Being planned' };
    case 'applying':
      return { tone: 'accent', icon: 'retry', text: 'Being applied' };
    case 'failed':
      return { tone: 'bad', icon: 'cross', text: 'Failed' };
    case 'planned':
      return { tone: 'hold', icon: 'decisions', text: 'Waits for approval' };
    case 'approved':
      return { tone: 'hold', icon: 'play', text: 'Waits to be applied' };
    case 'destroyed':
      return { tone: 'plain', icon: 'stop', text: 'Taken away' };
    default:
      if (openDrift(i)) return { tone: 'bad', icon: 'warning', text: 'Drift' };
      return { tone: 'good', icon: 'check', text: i.drift ? 'Applied, drift accepted' : 'As it was applied' };
  }
}

export type EnvironmentCommand = 'plan' | 'approve' | 'apply' | 'check';

/** What makes sense to ask of it now; the server has the last word. */
export function commandsOf(i: InfrastructureView | undefined): EnvironmentCommand[] {
  if (!i) return ['plan'];
  const applying = i.phase === 'applying';
  const may: Record<EnvironmentCommand, boolean> = {
    approve: i.phase === 'planned' && i.plan != null,
    apply: !i.job && i.plan != null && (i.phase === 'approved' || (i.phase === 'failed' && i.approvedBy != null)),
    check: !applying && i.phase !== 'planning' && i.baseline != null,
    plan: !applying,
  };
  return (Object.keys(may) as EnvironmentCommand[]).filter((one) => may[one]);
}

/** The plan that nobody has carried out yet; null when what is planned is what is there. */
export const openPlan = (i: InfrastructureView) =>
  ['planned', 'approved', 'applying', 'failed'].includes(i.phase) ? (i.plan ?? null) : null;

export const actions: Record<InfrastructureChange['action'], { tone: Shown['tone']; text: string }> = {
  create: { tone: 'good', text: 'Create' },
  update: { tone: 'hold', text: 'Change' },
  replace: { tone: 'bad', text: 'Replace' },
  delete: { tone: 'bad', text: 'Delete' },
  repair: { tone: 'hold', text: 'Repair' },
};

/** "2 to create, 1 to delete", in the order of the table above. */
export function summaryOf(changes: InfrastructureChange[]): string {
  const parts = (Object.keys(actions) as InfrastructureChange['action'][])
    .map((action) => [action, changes.filter((c) => c.action === action).length] as const)
    .filter(([, n]) => n > 0)
    .map(([action, n]) => `${n} to ${actions[action].text.toLowerCase()}`);
  return parts.length === 0 ? 'nothing to change' : parts.join(', ');
}

/** JSON as people read it, a property in a line; what is none as it is. */
export function readable(json: string | null | undefined): string {
  if (!json) return '';
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
