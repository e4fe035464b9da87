import type { SourceLocation } from '../../api/types.ts';

/** path:line, as editors take it. */
export function place(at: SourceLocation | null | undefined): string | null {
  if (!at?.path) return null;
  return at.line ? `${at.path}:${at.line}${at.column ? `:${at.column}` : ''}` : at.path;
}
