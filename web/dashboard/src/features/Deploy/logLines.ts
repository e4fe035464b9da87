import type { LogPage } from '../../api/types.ts';

/** What is on screen of a log, and where to read on. */
export interface LogTail {
  lines: { id: number; text: string }[];
  next: number;
  dropped: number;
}

export const emptyTail: LogTail = { lines: [], next: 0, dropped: 0 };

/** Browsers choke on endless logs long before people have read them. */
export const keptLines = 5_000;

const ansi = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

export function appendPage(tail: LogTail, page: Pick<LogPage, 'lines' | 'next'>): LogTail {
  if (page.lines.length === 0) return page.next === tail.next ? tail : { ...tail, next: page.next };
  const first = tail.dropped + tail.lines.length;
  const all = [...tail.lines, ...page.lines.map((line, i) => ({ id: first + i, text: line.replace(ansi, '').replace(/\r?\n?$/, '') }))];
  const over = Math.max(0, all.length - keptLines);
  return { lines: over > 0 ? all.slice(over) : all, next: page.next, dropped: tail.dropped + over };
}
