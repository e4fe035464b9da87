import type { LogLine, LogPage } from '../../api/types.ts';

/** What is on screen of a log, and where to read on. */
export interface LogTail {
  lines: (LogLine & { id: number })[];
  next: number;
  dropped: number;
}

export const emptyTail: LogTail = { lines: [], next: 0, dropped: 0 };

/** Browsers choke on endless logs long before people have read them. */
export const keptLines = 5_000;

const ansi = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

export function appendPage(tail: LogTail, page: LogPage): LogTail {
  const come = page.items ?? [];
  const next = page.next ?? tail.next;
  if (come.length === 0) return next === tail.next ? tail : { ...tail, next };
  const first = tail.dropped + tail.lines.length;
  const fresh = come.map((line, i) => {
    const one = typeof line === 'string' ? { text: line } : line;
    return { ...one, text: (one.text ?? '').replace(ansi, '').replace(/\r?\n$/, ''), id: first + i };
  });
  const all = [...tail.lines, ...fresh];
  const over = Math.max(0, all.length - keptLines);
  return { lines: over > 0 ? all.slice(over) : all, next, dropped: tail.dropped + over };
}
