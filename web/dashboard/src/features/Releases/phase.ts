import type { HoldReason, ProjectView, ReleaseView } from '../../api/types.ts';
import type { IconName } from '../../app/Icon.tsx';
import { sentence, weight } from '../../app/format.ts';

export interface Headline {
  text: string;
  tone: 'good' | 'bad' | 'hold' | 'plain' | 'accent';
  icon: IconName;
}

const holds: Record<HoldReason, string> = {
  inconclusive: 'not enough evidence',
  frozen: 'freeze window',
  drift: 'drift',
  waiverExpired: 'a waiver has expired',
  noMetrics: 'no metrics',
  attestationMissing: 'attestation missing',
  pausedStep: 'waits for a person',
  byPerson: 'by a person',
};

export const holdText = (reason: HoldReason | null | undefined) => (reason ? (holds[reason] ?? sentence(reason)) : null);

/** A release in two or three words. */
export function headline(r: ReleaseView): Headline {
  if (r.phase === 'ended') {
    switch (r.outcome) {
      case 'promoted':
      case 'fastPromoted':
        return { text: 'In production', tone: 'good', icon: 'check' };
      case 'rolledBack':
      case 'fastRolledBack':
        return { text: 'Rolled back', tone: 'bad', icon: 'back' };
      case 'aborted':
        return { text: 'Aborted', tone: 'hold', icon: 'stop' };
      case 'superseded':
        return { text: 'Superseded', tone: 'plain', icon: 'skip' };
      default:
        return { text: 'Failed', tone: 'bad', icon: 'cross' };
    }
  }
  switch (r.phase) {
    case 'canary':
      return { text: `Canary ${weight(r.canaryWeightPercent)}`, tone: 'accent', icon: 'play' };
    case 'paused':
      return { text: `Paused at ${weight(r.canaryWeightPercent)}`, tone: 'hold', icon: 'pause' };
    case 'held':
      return { text: `Held: ${holdText(r.held) ?? 'by a rule'}`, tone: 'hold', icon: 'pause' };
    case 'awaitingApproval':
      return { text: 'Waits for approval', tone: 'hold', icon: 'person' };
    case 'rollingBack':
      return { text: 'Rolling back', tone: 'bad', icon: 'back' };
    case 'startingProduction':
      return { text: 'Starting in production', tone: 'accent', icon: 'play' };
    default:
      return { text: sentence(r.phase), tone: 'accent', icon: 'play' };
  }
}

/** Ended "in production" is only true for the version that serves now. */
export function headlineIn(r: ReleaseView, stableRelease: number | null | undefined): Headline {
  const h = headline(r);
  if (h.tone === 'good' && stableRelease != null && stableRelease !== r.number)
    return { text: 'Was promoted', tone: 'plain', icon: 'check' };
  return h;
}

/** A project without a running release, in two or three words. */
export function projectHeadline(p: ProjectView): Headline {
  if (/fail/i.test(p.state)) return { text: sentence(p.state), tone: 'bad', icon: 'cross' };
  if (p.frozenNow) return { text: 'Frozen', tone: 'hold', icon: 'lock' };
  if (p.state === 'importing') return { text: 'Importing', tone: 'accent', icon: 'play' };
  if (p.state === 'waiting-for-plan')
    return { text: `Waits for plan${p.pendingPlan ? ` ${p.pendingPlan}` : ''}`, tone: 'hold', icon: 'person' };
  if (p.stable) return { text: 'Serving', tone: 'good', icon: 'check' };
  return { text: sentence(p.state) || 'Imported', tone: 'plain', icon: 'clock' };
}
