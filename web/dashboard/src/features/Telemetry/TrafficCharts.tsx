import { lazy, Suspense } from 'react';
import { milliseconds, perSecond, percent } from '../../app/format.ts';
import type { Traffic } from '../../api/types.ts';
import { useNow } from '../../live/clock.ts';
import type { Share } from '../Traffic/weights.ts';
import { endOf, rolling } from './series.ts';
import type { Line } from './TimeChart.tsx';
import css from './TrafficCharts.module.css';

const TimeChart = lazy(() => import('./TimeChart.tsx'));

const smooth = 10;
const seconds = 300;

/** Requests, error rate and p95 by version over the last five minutes. */
export function TrafficCharts({ traffic, list }: { traffic: Traffic; list: Share[] }) {
  const now = useNow();
  const end = endOf(traffic.points, now / 1000);
  const window = { end, seconds, smooth };
  const versions = list.map((s) => s.version);
  const lines: Line[] = list.map((s) => ({ key: s.version, label: s.version, role: s.role }));
  const about = `${smooth} s mean`;
  return (
    <Suspense fallback={<div className={css.loading} />}>
      <div className={css.charts}>
        <TimeChart
          title="Error rate"
          about={about}
          lines={lines}
          format={(v) => percent(v, v < 1 ? 2 : 1)}
          minTop={1}
          columns={rolling(traffic.points, versions, window, (f) => f.errorRatePercent)}
        />
        <TimeChart
          title="p95 latency"
          about={about}
          lines={lines}
          format={milliseconds}
          minTop={10}
          columns={rolling(traffic.points, versions, window, (f) => f.p95Ms)}
        />
        <TimeChart
          title="Requests"
          about={about}
          lines={lines}
          format={(v) => perSecond(v)}
          minTop={5}
          columns={rolling(traffic.points, versions, window, (f) => f.requestsPerSecond)}
        />
      </div>
    </Suspense>
  );
}
