import { diffLines } from 'diff';

/** A line of a file beside the line that takes its place; `gap`: so many equal lines are left out here. */
export type Row =
  | { kind: 'same'; left: Numbered; right: Numbered }
  | { kind: 'changed'; left: Numbered | null; right: Numbered | null }
  | { kind: 'gap'; count: number };

export interface Numbered {
  n: number;
  text: string;
}

/** Equal lines that are shown around a change. */
const around = 3;

const linesOf = (text: string) => text.replace(/\n$/, '').split('\n');

function* rowsOf(before: string, after: string): Generator<Row> {
  let [l, r] = [0, 0];
  const [gone, come]: [string[], string[]] = [[], []];
  function* flush(): Generator<Row> {
    for (let i = 0; i < Math.max(gone.length, come.length); i++)
      yield {
        kind: 'changed',
        left: i < gone.length ? { n: ++l, text: gone[i]! } : null,
        right: i < come.length ? { n: ++r, text: come[i]! } : null,
      };
    gone.length = come.length = 0;
  }
  for (const part of diffLines(before, after)) {
    if (part.removed) gone.push(...linesOf(part.value));
    else if (part.added) come.push(...linesOf(part.value));
    else {
      yield* flush();
      for (const text of linesOf(part.value)) yield { kind: 'same', left: { n: ++l, text }, right: { n: ++r, text } };
    }
  }
  yield* flush();
}

/** Two texts line beside line, with what is far from any change left out. */
export function sideBySide(before: string, after: string): Row[] {
  const all = [...rowsOf(before, after)];
  const near = all.map(() => false);
  all.forEach((row, i) => {
    if (row.kind === 'changed') for (let j = Math.max(0, i - around); j <= Math.min(all.length - 1, i + around); j++) near[j] = true;
  });
  const rows: Row[] = [];
  all.forEach((row, i) => {
    const last = rows[rows.length - 1];
    if (near[i]) rows.push(row);
    else if (last?.kind === 'gap') last.count++;
    else rows.push({ kind: 'gap', count: 1 });
  });
  return rows;
}

export const changedLines = (rows: Row[]) => ({
  added: rows.filter((r) => r.kind === 'changed' && r.right).length,
  removed: rows.filter((r) => r.kind === 'changed' && r.left).length,
});
