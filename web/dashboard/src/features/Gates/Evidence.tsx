import type { Judgement, MetricEvidence } from '../../api/types.ts';
import { count, percentagePoints } from '../../app/format.ts';
import type { EvidencePoint } from '../../live/reducers.ts';
import css from './Evidence.module.css';
import { bandScale, metricLabel, metricValue, position } from './judgement.ts';
import { EvidencePath } from './EvidencePath.tsx';
import { Verdict } from './Verdict.tsx';

/** Where the metric's true value lies, against what is tolerated: one look is enough to see which side of the limit it is on. */
function Band({ m }: { m: MetricEvidence }) {
  const scale = bandScale([m.canary, m.stable, m.high, m.tolerated]);
  const at = (value: number) => `${(100 * position(value, scale)).toFixed(2)}%`;
  const { low, high, canary, stable, tolerated } = m;
  return (
    <div className={css.band} data-verdict={m.verdict} aria-hidden="true">
      <div className={css.track}>
        {tolerated != null && <span className={css.harm} style={{ left: at(tolerated) }} />}
        {low != null && high != null && <span className={css.range} style={{ left: at(low), width: `calc(${at(high)} - ${at(low)})` }} />}
        {stable != null && <span className={css.stable} style={{ left: at(stable) }} />}
        {canary != null && <span className={css.canary} style={{ left: at(canary) }} />}
        {tolerated != null && <span className={css.limit} style={{ left: at(tolerated) }} />}
      </div>
      <div className={css.scale}>
        <span>0</span>
        <span>{canary == null && stable == null ? '' : metricValue(scale.to, m.unit)}</span>
      </div>
    </div>
  );
}

function Metric({ m, history }: { m: MetricEvidence; history: EvidencePoint[] }) {
  return (
    <li className={css.metric}>
      <div className={css.head}>
        <h3>{metricLabel(m.metric)}</h3>
        <Verdict verdict={m.verdict} small />
      </div>
      <div className={css.charts}>
        <div>
          <dl className={css.values}>
            <div data-role="canary">
              <dt>Canary</dt>
              <dd>{metricValue(m.canary, m.unit)}</dd>
            </div>
            <div data-role="stable">
              <dt>Stable</dt>
              <dd>{metricValue(m.stable, m.unit)}</dd>
            </div>
            <div data-role="limit">
              <dt>Tolerated</dt>
              <dd>{metricValue(m.tolerated, m.unit)}</dd>
            </div>
          </dl>
          <Band m={m} />
        </div>
        <EvidencePath metric={m} history={history} />
      </div>
      <p className={css.text}>{m.text}</p>
    </li>
  );
}

/** The judge's verdict with the figures it rests on. */
export function Evidence({ judgement, history }: { judgement: Judgement; history: EvidencePoint[] }) {
  return (
    <div className={css.evidence}>
      <p className={css.reason} aria-live="polite">
        {judgement.reason}
      </p>
      <ul className={css.metrics}>
        {judgement.metrics.map((m) => (
          <Metric key={m.metric} m={m} history={history} />
        ))}
      </ul>
      {(judgement.detectableErrorIncrease != null || judgement.requestsForDecision != null) && (
        <p className={css.foot}>
          {judgement.detectableErrorIncrease != null && (
            <>Had the error rate risen by {percentagePoints(judgement.detectableErrorIncrease)}, it would show by now. </>
          )}
          {judgement.requestsForDecision != null && (
            <>A canary as good as stable is expected to be cleared after {count(judgement.requestsForDecision)} requests.</>
          )}
        </p>
      )}
    </div>
  );
}
