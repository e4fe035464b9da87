import type { TrafficPoint } from '../../api/types.ts';
import type { Share } from '../Traffic/weights.ts';
import { rolling } from './series.ts';
import { areaPath } from './sparklinePicture.ts';
import css from './Sparkline.module.css';

const seconds = 120;
const width = 240;
const height = 40;

/** Requests over the last two minutes, the canary's on top of stable's. Decoration of the figures above it. */
export function Sparkline({ points, list, end }: { points: TrafficPoint[]; list: Share[]; end: number }) {
  const versions = list.map((s) => s.version);
  const { byVersion } = rolling(points, versions, { end, seconds, smooth: 5 }, (f) => f.requestsPerSecond);
  const layers = list.map((s) => (byVersion.get(s.version) ?? []).map((v) => v ?? 0));
  const totals = Array.from({ length: seconds + 1 }, (_, i) => layers.reduce((sum, l) => sum + (l[i] ?? 0), 0));
  const top = Math.max(1, ...totals) * 1.1;
  let below = totals.map(() => 0);
  const areas = list.map((s, i) => {
    const above = below.map((b, j) => b + (layers[i]![j] ?? 0));
    const path = areaPath(below, above, { width, height, top });
    below = above;
    return { role: s.role, version: s.version, path };
  });
  return (
    <svg className={css.spark} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {areas.map((a) => (
        <path key={a.version} data-role={a.role} d={a.path} />
      ))}
    </svg>
  );
}
