import type { MetricEvidence } from '../../api/types.ts';
import type { EvidencePoint } from '../../live/reducers.ts';
import css from './Evidence.module.css';
import { evidencePath } from './evidencePicture.ts';
import { towardsBoundary } from './judgement.ts';

const width = 320;
const height = 84;

/** The evidence of harm as it moves, look by look, towards the boundary at which the canary is taken back. */
export function EvidencePath({ metric, history }: { metric: MetricEvidence; history: EvidencePoint[] }) {
  const looks = history.flatMap((h) => {
    const found = h.judgement.metrics.find((m) => m.metric === metric.metric);
    return found ? [found.statistic] : [];
  });
  if (looks.length === 0) looks.push(metric.statistic);
  const picture = evidencePath(looks, metric.boundary, { width, height });
  const share = Math.round(100 * towardsBoundary(metric.statistic, metric.boundary));
  return (
    <figure className={css.path} data-verdict={metric.verdict}>
      <figcaption>
        <span>Evidence of harm</span>
        <span>
          <b>{metric.statistic.toFixed(2)}</b> of {metric.boundary.toFixed(2)} <span className="sr-only">({share} % of the way)</span>
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect className={css.beyond} x={0} y={0} width={width} height={picture.boundaryY} />
        <line className={css.boundary} x1={0} x2={width} y1={picture.boundaryY} y2={picture.boundaryY} />
        <line className={css.zero} x1={0} x2={width} y1={picture.zeroY} y2={picture.zeroY} />
        <path className={css.walk} data-known={looks.length > 1 || undefined} d={picture.path} />
      </svg>
      <span
        className={css.dot}
        style={{ left: `${(100 * picture.end.x) / width}%`, top: `calc(20px + ${picture.end.y}px)` }}
        aria-hidden="true"
      />
    </figure>
  );
}
