import type { DecisionView } from '../../api/types.ts';

const kinds: { match: RegExp; title: (d: DecisionView) => string }[] = [
  { match: /plan/i, title: (d) => `Approve plan ${d.plan ?? ''} of ${d.project}`.replace('  ', ' ') },
  { match: /approv/i, title: (d) => `Approve release ${d.release ?? ''} of ${d.project}`.replace('  ', ' ') },
  { match: /hold|held|pause/i, title: (d) => `Release ${d.release ?? ''} of ${d.project} is held`.replace('  ', ' ') },
];

export function decisionTitle(d: DecisionView): string {
  return d.title || (kinds.find((k) => k.match.test(d.kind))?.title(d) ?? `${d.kind} of ${d.project}`);
}

export const askedBy = (d: DecisionView) => d.requestedBy ?? d.author ?? null;

/** The one who asked cannot decide. */
export function isOwn(d: DecisionView, user: string): boolean {
  const by = askedBy(d);
  return by === user || by === `user:${user}`;
}

export const decisionKey = (d: DecisionView) => d.id ?? `${d.kind}/${d.project}/${d.release ?? `plan-${d.plan}`}`;
