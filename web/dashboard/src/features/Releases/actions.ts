import type { ReleaseView } from '../../api/types.ts';
import type { IconName } from '../../app/Icon.tsx';
import type { Action as ServerAction } from '../Identity/permissions.ts';

export type ActionName = 'approve' | 'promote' | 'promoteFull' | 'pause' | 'resume' | 'abort' | 'retry' | 'overrideFreeze';

export interface Action {
  name: ActionName;
  label: string;
  icon: IconName;
  /** What will happen, said before it does. */
  consequence: (release: ReleaseView) => string;
  reasonRequired: boolean;
  tone: 'primary' | 'plain' | 'danger';
}

const nextWeight = (r: ReleaseView) => {
  const next = r.steps[r.step + 1];
  return next ? `${next.weightPercent} %` : 'production';
};
const stable = (r: ReleaseView) => r.stableVersion ?? 'no version';

export const actions: Record<ActionName, Action> = {
  approve: {
    name: 'approve',
    label: 'Approve',
    icon: 'check',
    tone: 'primary',
    reasonRequired: true,
    consequence: (r) => `${r.version} starts in production. Whoever started the release cannot approve it.`,
  },
  promote: {
    name: 'promote',
    label: 'Promote',
    icon: 'play',
    tone: 'primary',
    reasonRequired: true,
    consequence: (r) => `${r.version} goes on to ${nextWeight(r)} without waiting for the judge at this step.`,
  },
  promoteFull: {
    name: 'promoteFull',
    label: 'Promote full',
    icon: 'forward',
    tone: 'plain',
    reasonRequired: true,
    consequence: (r) => `${r.version} takes all production traffic now. Every remaining step and analysis is skipped.`,
  },
  pause: {
    name: 'pause',
    label: 'Pause',
    icon: 'pause',
    tone: 'plain',
    reasonRequired: false,
    consequence: (r) =>
      `${r.version} stays at ${r.canaryWeightPercent} % until someone resumes. The judge keeps watching and still takes it back if it does harm.`,
  },
  resume: {
    name: 'resume',
    label: 'Resume',
    icon: 'play',
    tone: 'primary',
    reasonRequired: false,
    consequence: (r) => `${r.version} goes on from ${r.canaryWeightPercent} % under the judge.`,
  },
  abort: {
    name: 'abort',
    label: 'Abort',
    icon: 'stop',
    tone: 'danger',
    reasonRequired: true,
    consequence: (r) =>
      r.stableVersion
        ? `All traffic goes back to ${stable(r)} at once. ${r.version} drains and stops.`
        : `${r.version} stops. Nothing else is in production yet.`,
  },
  retry: {
    name: 'retry',
    label: 'Retry',
    icon: 'retry',
    tone: 'plain',
    reasonRequired: false,
    consequence: (r) =>
      `Attempt ${r.attempt + 1} of ${r.version}, from the first step. The artifact is not built again if it is still kept.`,
  },
  overrideFreeze: {
    name: 'overrideFreeze',
    label: 'Override the freeze',
    icon: 'lock',
    tone: 'plain',
    reasonRequired: true,
    consequence: (r) =>
      `${r.version} may go on for a while although a freeze window is open. One person asks, and another has to do the same within 15 minutes; both are in the audit log.`,
  },
};

/** Somebody has asked for it, and now it is about confirming that. */
export const confirmOverride = (askedBy: string): Action => ({
  ...actions.overrideFreeze,
  label: 'Confirm the override',
  icon: 'check',
  consequence: (r) =>
    `${askedBy} asks that ${r.version} goes on although a freeze window is open. With you it does, for the time that was asked for. Whoever asked cannot confirm it.`,
});

/** What the server asks the table of permissions for. */
export const permissionOf: Record<ActionName, ServerAction> = {
  approve: 'ApproveRelease',
  promote: 'PromoteRelease',
  promoteFull: 'PromoteRelease',
  pause: 'PauseRelease',
  resume: 'ResumeRelease',
  abort: 'AbortRelease',
  retry: 'RetryRelease',
  overrideFreeze: 'OverrideFreeze',
};

const aliases: Record<string, ActionName> = {
  'promote-full': 'promoteFull',
  promotefull: 'promoteFull',
  full: 'promoteFull',
  'override-freeze': 'overrideFreeze',
};
const order: ActionName[] = ['approve', 'resume', 'promote', 'retry', 'promoteFull', 'overrideFreeze', 'pause', 'abort'];

/** The server decides what is allowed; the screen only puts it in order. Promoting in full goes with promoting. */
export function allowedActions(release: ReleaseView): Action[] {
  const allowed = new Set((release.allowed ?? []).map((name) => aliases[name.toLowerCase()] ?? name));
  if (allowed.has('promote')) allowed.add('promoteFull');
  return order.filter((name) => allowed.has(name)).map((name) => actions[name]);
}

/** The part of the path and the body that belong to an action. */
export function commandOf(name: Exclude<ActionName, 'overrideFreeze'>): {
  verb: Exclude<ActionName, 'promoteFull' | 'overrideFreeze'>;
  full?: boolean;
} {
  return name === 'promoteFull' ? { verb: 'promote', full: true } : { verb: name };
}
