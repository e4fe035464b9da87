/** Where the boundary, zero and the walk of the statistic lie in a box. Evidence for the canary (below zero) has room too. */
export interface EvidencePicture {
  path: string;
  boundaryY: number;
  zeroY: number;
  end: { x: number; y: number };
}

export function evidencePath(looks: number[], boundary: number, { width, height }: { width: number; height: number }): EvidencePicture {
  const top = Math.max(boundary > 0 ? boundary * 1.25 : 1, Math.max(...looks) * 1.05);
  const bottom = Math.min(0, Math.max(Math.min(...looks), -boundary)) - top * 0.06;
  const y = (value: number) => round(height * (1 - (Math.max(value, bottom) - bottom) / (top - bottom)));
  // The newest look stands at 92 % of the width, so that there is always room ahead of it.
  const last = looks.length - 1;
  const x = (i: number) => round(last === 0 ? 0 : (i / last) * width * 0.92);
  const points = looks.map((value, i) => ({ x: x(i), y: y(value) }));
  const path =
    points.length === 1
      ? `M0 ${y(0)}L${round(width * 0.92)} ${points[0]!.y}`
      : points.map((p, i) => `${i === 0 ? 'M' : 'L'}${p.x} ${p.y}`).join('');
  const end = points.length === 1 ? { x: round(width * 0.92), y: points[0]!.y } : points[last]!;
  return { path, boundaryY: y(boundary), zeroY: y(0), end };
}

const round = (value: number) => Math.round(value * 100) / 100;
