import type { Page } from '@playwright/test';

/** Where a part of the page stands, CSS pixels. */
export interface Box {
  what: string;
  x: number;
  /** null where it is as wide as its text. */
  width: number | null;
}

/** The parts a layout is made of, in their order. How tall they are and how far down they begin hangs on the font; where they begin and how wide they are does not: a table is, where it does not fit, so what it scrolls in is taken. */
export const geometry = (page: Page): Promise<Box[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('header, nav, main, main section, main form, main [role=region], main figure, h1')].flatMap((part) => {
      const { x, width, height } = part.getBoundingClientRect();
      if (width < 2 || height < 2) return [];
      const tag = part.tagName.toLowerCase();
      const label = part.getAttribute('aria-label');
      return [{ what: label ? `${tag} ${label}` : tag, x: Math.round(x), width: tag === 'h1' ? null : Math.round(width) }];
    }),
  );

/** A scroll bar, a rounding. */
const tolerance = 6;

export function moved(then: Box[], now: Box[]): string[] {
  const names = (boxes: Box[]) => boxes.map((box) => box.what).join(', ');
  if (names(then) !== names(now)) return [`The page is made of ${names(now)}; it was made of ${names(then)}`];
  return then.flatMap((was, i) => {
    const is = now[i]!;
    const far = Math.max(Math.abs(was.x - is.x), Math.abs((was.width ?? 0) - (is.width ?? 0)));
    return far <= tolerance
      ? []
      : [`${is.what}: begins at ${is.x} and is ${is.width} wide; it began at ${was.x} and was ${was.width} wide`];
  });
}
