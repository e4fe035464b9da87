/** Longer texts are evidence in full sentences: their beginning says what happened, the rest is for whoever wants to know why. */
const longest = 170;
const kept = 130;

/** The beginning up to a word's end, or the first of several lines; null when the text is short enough to stand as it is. */
export function shorten(text: string): string | null {
  const [first, ...more] = text.split('\n');
  if (more.length > 0) return shorten(first!) ?? `${first!.replace(/[\s:;,.]+$/, '')} …`;
  if (text.length <= longest) return null;
  const cut = text.lastIndexOf(' ', kept);
  return `${text.slice(0, cut > 40 ? cut : kept).replace(/[\s:;,.]+$/, '')} …`;
}
