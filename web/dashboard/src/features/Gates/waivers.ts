import type { GateWaiver, WaiverKind } from '../../api/types.ts';

export interface WaiverDraft {
  covers: WaiverKind;
  subject: string;
  package: string;
  ticket: string;
  days: number;
}

export const emptyWaiver: WaiverDraft = { covers: 'vulnerability', subject: '', package: '', ticket: '', days: 30 };

export const waiverKinds: Record<WaiverKind, { text: string; subject: string; example: string }> = {
  vulnerability: { text: 'Vulnerability', subject: 'Advisory', example: 'CVE-2021-23337' },
  licence: { text: 'Licence', subject: 'SPDX id', example: 'AGPL-3.0-only' },
  control: { text: 'Control', subject: 'Control of the policy', example: 'tests.coverage' },
};

/** Why the draft is no waiver yet, by field. */
export function waiverFaults({
  covers,
  subject,
  package: pkg,
  ticket,
}: WaiverDraft): Partial<Record<'subject' | 'package' | 'ticket', string>> {
  return {
    ...(subject.trim() === '' && { subject: 'Say what is waived.' }),
    ...(pkg.trim() !== '' && !/^pkg:[a-z]/.test(pkg.trim()) && { package: 'A package’s URL: pkg:npm/lodash, or pkg:npm/lodash@4.17.20' }),
    ...(covers === 'vulnerability' && pkg.trim() === '' && { package: 'A vulnerability is waived in one package at a time.' }),
    ...(ticket.trim() === '' && { ticket: 'Name the ticket in which it is being mended.' }),
  };
}

const soonMs = 7 * 86_400_000;

/** A waiver that is about to end holds a release soon: that is said before it does. */
export function waiverState(w: GateWaiver, now: number): 'holds' | 'endsSoon' | 'expired' | 'revoked' {
  if (w.state === 'revoked') return 'revoked';
  const left = Date.parse(w.expires) - now;
  if (w.state === 'expired' || left <= 0) return 'expired';
  return left <= soonMs ? 'endsSoon' : 'holds';
}

/** Those that hold, the one that ends first above; then those that ended. */
export function inOrder(list: GateWaiver[], now: number): { hold: GateWaiver[]; ended: GateWaiver[] } {
  const holds = (w: GateWaiver) => ['holds', 'endsSoon'].includes(waiverState(w, now));
  return {
    hold: list.filter(holds).sort((a, b) => Date.parse(a.expires) - Date.parse(b.expires)),
    ended: list.filter((w) => !holds(w)),
  };
}

export const isAddress = (ticket: string) => /^https?:\/\//.test(ticket);
