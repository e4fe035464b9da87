import type { AuditFault } from '../../api/types.ts';

export interface ChainPiece {
  /** Share of the width, 0 to 1. */
  from: number;
  to: number;
  /** The row a fault was seen at; null: rows that hold. */
  seq: number | null;
  kind: string | null;
}

/** A fault is one row among perhaps millions: it is drawn as wide as it takes to be seen. */
const leastShare = 0.012;

/** The log from its first row to its last as a band: what holds, and where it was broken, in the order of the rows. */
export function chainPicture(rows: number, faults: AuditFault[]): ChainPiece[] {
  const length = Math.max(rows, 1, ...faults.map((f) => f.seq));
  const share = Math.max(leastShare, 1 / length);
  const places = [...new Map(faults.map((f) => [f.seq, f])).values()].sort((a, b) => a.seq - b.seq);
  const pieces: ChainPiece[] = [];
  let end = 0;
  for (const { seq, kind } of places) {
    const middle = (seq - 0.5) / length;
    const from = Math.min(Math.max(end, middle - share / 2), 1 - share);
    if (from > end) pieces.push({ from: end, to: from, seq: null, kind: null });
    const to = Math.min(1, from + share);
    pieces.push({ from, to, seq, kind });
    end = to;
  }
  if (end < 1) pieces.push({ from: end, to: 1, seq: null, kind: null });
  return pieces;
}
