/** The area between two lines of equal length, spread over the width; `top` is the value at the upper edge. */
export function areaPath(below: number[], above: number[], { width, height, top }: { width: number; height: number; top: number }): string {
  const last = above.length - 1;
  if (last < 1) return '';
  const point = (value: number, i: number) =>
    `${((i / last) * width).toFixed(1)} ${(height * (1 - Math.min(value, top) / top)).toFixed(1)}`;
  const there = above.map(point).join('L');
  const back = below.map(point).reverse().join('L');
  return `M${there}L${back}Z`;
}
