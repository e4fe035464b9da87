/** A reference to what changed, as the timeline has it: commit:abc..def, plan:default/shop/3, artifact:sha256:… */
export type Diff =
  | { kind: 'commit'; text: string; title: string }
  | { kind: 'plan'; text: string; project: string; number: string }
  | { kind: 'other'; text: string; title: string };

export function readDiff(diff: string): Diff {
  const at = diff.indexOf(':');
  const kind = diff.slice(0, at);
  const rest = diff.slice(at + 1);
  if (kind === 'commit')
    return {
      kind,
      text: rest
        .split('..')
        .map((c) => c.slice(0, 9))
        .join('…'),
      title: rest,
    };
  const plan = kind === 'plan' ? /^[^/]+\/([^/]+)\/(\d+)$/.exec(rest) : null;
  if (plan) return { kind: 'plan', text: `plan ${plan[2]}`, project: plan[1]!, number: plan[2]! };
  return { kind: 'other', text: rest.length > 24 ? `${rest.slice(0, 19)}…` : rest, title: diff };
}
