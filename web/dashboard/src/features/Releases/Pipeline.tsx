import { Took } from '../../app/Ago.tsx';
import { count, milliseconds, percent } from '../../app/format.ts';
import { Icon, type IconName } from '../../app/Icon.tsx';
import css from './Pipeline.module.css';
import { canaryWeight, layoutPipeline, type Picture, type Station } from './pipelinePicture.ts';

const icons: Record<Station['state'], IconName | null> = { pending: null, running: null, done: 'check', failed: 'cross', skipped: 'skip' };
const across = { pitch: 100, across: 34 };
const down = { pitch: 46, across: 22, vertical: true };

/** What is worth a second line under a station, at most one figure. */
function note(station: Station): string | null {
  const f = station.figures;
  if (station.state === 'pending' || station.state === 'skipped') return station.state === 'skipped' ? 'skipped' : null;
  if (canaryWeight(station.name) !== null) {
    if (f.errorRatePercent !== undefined && (station.state === 'failed' || f.errorRatePercent >= 1))
      return `${percent(f.errorRatePercent, 1)} errors`;
    if (f.p95Ms !== undefined) return `p95 ${milliseconds(f.p95Ms)}`;
    if (f.requests) return `${count(f.requests)} req`;
  }
  return station.verdict === 'passed' || station.verdict === 'healthy' ? null : station.verdict;
}

function Band({
  picture,
  view,
  failed,
  id,
  vertical,
}: {
  picture: Picture;
  view: string;
  failed: boolean;
  id: string;
  vertical?: boolean;
}) {
  const { back } = picture;
  const middle = back ? (back.from + back.to) / 2 : 0;
  return (
    <svg className={vertical ? css.down : css.across} viewBox={view} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <defs>
        <clipPath id={id}>
          <rect x={0} y={0} width={vertical ? 60 : picture.reached} height={vertical ? picture.reached : 80} />
        </clipPath>
      </defs>
      <path className={css.ghost} d={picture.band} />
      <path className={css.run} data-failed={failed || undefined} d={picture.band} clipPath={`url(#${id})`} />
      {back && !vertical && (
        <path className={css.back} d={`M${back.from} 20C${back.from - 30} -6 ${middle} 2 ${middle} 2S${back.to + 20} -2 ${back.to} 22`} />
      )}
    </svg>
  );
}

/** The way from import to production. The band is the share of production traffic; it grows with each canary step. */
export function Pipeline({ list, id }: { list: Station[]; id: string }) {
  const wide = layoutPipeline(list, across);
  const tall = layoutPipeline(list, down);
  const failed = list.some((s) => s.state === 'failed');
  return (
    <div className={css.frame}>
      <div className={css.picture}>
        <Band picture={wide} view={`0 0 ${wide.length} 80`} failed={failed} id={`${id}-wide`} />
        <Band picture={tall} view={`0 0 44 ${tall.length}`} failed={failed} id={`${id}-tall`} vertical />
        <ol className={css.stations} style={{ '--stations': list.length } as React.CSSProperties}>
          {list.map((s) => {
            const text = note(s);
            const icon = icons[s.state];
            return (
              <li key={s.name} data-state={s.state} aria-current={s.state === 'running' ? 'step' : undefined} title={s.detail ?? undefined}>
                <span className={css.stop}>{icon && <Icon name={icon} size={14} />}</span>
                <span className={css.label}>
                  {canaryWeight(s.name) !== null && <span className="sr-only">Canary </span>}
                  {s.label}
                </span>
                <span className="sr-only">
                  {s.state}
                  {s.verdict ? `, ${s.verdict}` : ''}
                </span>
                <span className={css.time}>
                  {s.startedAt ? <Took from={s.startedAt} to={s.state === 'running' ? null : (s.endedAt ?? s.startedAt)} /> : ''}
                </span>
                <span className={css.note}>{text}</span>
              </li>
            );
          })}
        </ol>
      </div>
    </div>
  );
}
