/** Longer texts are evidence in full sentences: their beginning says what happened, the rest is for whoever wants to know why. */
const longest = 170;
const kept = 130;

/** The beginning up to a word's end; null when the text is short enough to stand as it is. */
export function shorten(text: string): string | null {
  if (text.length <= longest) return null;
  const cut = text.lastIndexOf(' ', kept);
  return `${text.slice(0, cut > 40 ? cut : kept).replace(/[\s:;,.]+$/, '')} …`;
}
