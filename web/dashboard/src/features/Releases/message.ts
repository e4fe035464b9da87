export interface Message {
  what: string;
  output: string;
  next: string;
}

/** A message with the last lines of a program in it: what happened, then its output, then what to do. Others are one sentence after another. */
export function readMessage(text: string): Message {
  const lines = text.split('\n').map((line) => line.trimEnd());
  if (lines.length < 3) return { what: lines.join(' '), output: '', next: '' };
  const [what, ...rest] = lines;
  const next = rest.pop()!;
  if (/^last lines/i.test(rest[0]!.trim())) rest.shift();
  return { what: what!, output: rest.join('\n').trim(), next };
}
