import { useQuery } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import type { ServiceUsage } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { count } from '../../app/format.ts';
import { Asked } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { areaPath } from '../Telemetry/sparklinePicture.ts';
import css from './UsageCard.module.css';
import { figures, type Figure } from './usage.ts';

const size = { width: 200, height: 28 };

function Chart({ figure }: { figure: Figure }) {
  // One day is a line too.
  const values = figure.values.length === 1 ? [figure.values[0]!, figure.values[0]!] : figure.values;
  return (
    <svg
      className={css.chart}
      data-tone={figure.near ? 'bad' : undefined}
      viewBox="0 0 200 28"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path
        d={areaPath(
          values.map(() => 0),
          values,
          { ...size, top: figure.top },
        )}
      />
    </svg>
  );
}

function Service({ used }: { used: ServiceUsage }) {
  return (
    <>
      {figures(used).map((f) => (
        <li key={f.name}>
          <span>
            {used.service} <span className="muted">{used.environment}</span>, {f.name}
          </span>
          <Chart figure={f} />
          <span className={ui.n}>
            {f.text}
            {f.near && <b className={css.near}> near its limit</b>}
          </span>
        </li>
      ))}
    </>
  );
}

/** What services were seen to use here, day by day, each chart as high as what it may use. */
export function UsageCard({ project }: { project: string }) {
  const used = useQuery({
    queryKey: ['usage', project],
    queryFn: () => ask(api.GET('/v1/projects/{project}/usage', { params: { path: { project } } })),
  });
  const looks = used.data?.services.reduce((sum, s) => sum + s.samples, 0) ?? 0;
  return (
    <Card label="Use" aside={looks > 0 ? `${count(looks)} looks in 14 days, the busiest copy of each` : undefined}>
      <Asked query={used} what="the use" rows={1} rowHeight={60}>
        {({ services }) =>
          services.length === 0 ? (
            <p className="muted">Nothing of this project was looked at yet: what runs here is looked at every few seconds.</p>
          ) : (
            <ul className={css.services}>
              {services.map((s) => (
                <Service key={`${s.environment}/${s.service}`} used={s} />
              ))}
            </ul>
          )
        }
      </Asked>
    </Card>
  );
}
