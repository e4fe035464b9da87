import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { PerformanceRunRow, PerformanceView, RouteView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { count, milliseconds, none, percent, shortCommit } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useNow } from '../../live/clock.ts';
import { useProjectId } from '../Projects/ProjectPage.tsx';
import { waiversQuery } from './gates.ts';
import { barsOf, controlOf, performanceQuery, performanceRunsQuery, waiverOf } from './performance.ts';
import css from './Performance.module.css';
import { Tag } from './Verdict.tsx';
import { Waive } from './Waive.tsx';

function State({ project, route: r }: { project: string; route: RouteView }) {
  const waiver = waiverOf(r.route, useQuery(waiversQuery(project)).data ?? [], useNow());
  if (!r.measure) return <span className="muted">Not put under load</span>;
  if (!r.breach)
    return r.limit ? (
      <Tag tone="good" icon="check" small>
        Kept
      </Tag>
    ) : (
      <span className="muted">Held against nothing</span>
    );
  return waiver ? (
    <Tag tone="hold" icon="clock" small>
      Waived, ends <Ago at={waiver.expires} />
    </Tag>
  ) : (
    <Tag tone="bad" icon="cross" small>
      Stops a release
    </Tag>
  );
}

function Bars({ route: r, bars }: { route: RouteView; bars: { p95: number; limit: number | null; baseline: number | null } }) {
  if (!r.measure) return null;
  const said = [
    `p95 ${milliseconds(r.measure.p95Ms)}`,
    r.limit?.p95Ms == null ? null : `at most ${milliseconds(r.limit.p95Ms)}`,
    r.baseline ? `stable version ${milliseconds(r.baseline.p95Ms)}` : null,
  ];
  return (
    <div className={css.bars} role="img" aria-label={said.filter(Boolean).join(', ')} data-over={r.breach ? true : undefined}>
      <i style={{ width: `${bars.p95}%` }} />
      {bars.limit != null && <b style={{ left: `calc(${bars.limit}% - 1px)` }} />}
      {bars.baseline != null && <s style={{ left: `${bars.baseline}%` }} />}
    </div>
  );
}

function Route({ project, route: r, bars }: { project: string; route: RouteView; bars: Parameters<typeof Bars>[0]['bars'] }) {
  const waived = waiverOf(r.route, useQuery(waiversQuery(project)).data ?? [], useNow()) !== null;
  const m = r.measure;
  return (
    <tr>
      <td className={css.route}>
        <code>{r.route}</code>
        {r.breach && <div className={ui.small}>{r.breach}</div>}
        {m?.problem && <div className={`${ui.small} muted`}>{m.problem}</div>}
      </td>
      <td className={ui.wide}>
        <Bars route={r} bars={bars} />
      </td>
      <td className={ui.n}>
        {m ? milliseconds(m.p95Ms) : none}
        {r.limit?.p95Ms != null && <div className={`${ui.small} ${ui.narrow} muted`}>of {milliseconds(r.limit.p95Ms)}</div>}
      </td>
      <td className={`${ui.n} ${ui.wide}`}>
        {r.limit?.p95Ms == null ? none : milliseconds(r.limit.p95Ms)}
        {r.limit?.p95From && <div className={`${ui.small} muted`}>{r.limit.p95From}</div>}
      </td>
      <td className={`${ui.n} ${ui.wide}`}>{r.baseline ? milliseconds(r.baseline.p95Ms) : none}</td>
      <td className={`${ui.n} ${ui.wide}`}>
        {m ? percent(m.errorPercent) : none}
        {r.limit?.errorPercent != null && <div className={`${ui.small} muted`}>at most {percent(r.limit.errorPercent)}</div>}
      </td>
      <td>
        <State project={project} route={r} />
      </td>
      <RowCommands>
        {r.breach && !waived && (
          <Waive project={project} known={{ covers: 'control', subject: controlOf(r.route), package: '' }} spoken={`Waive ${r.route}`} />
        )}
      </RowCommands>
    </tr>
  );
}

function Load({ project, view: v }: { project: string; view: PerformanceView }) {
  const bars = barsOf(v.routes);
  return (
    <Card
      label="Load"
      aside={
        v.run ? (
          <span className={`${ui.row} ${ui.small}`}>
            <Link to="/projects/$project/releases/$number" params={{ project, number: String(v.run.release) }}>
              Release {v.run.release}
            </Link>
            <code className="muted">{shortCommit(v.run.commit)}</code>
            <span className="muted">
              {v.run.by}, <Ago at={v.run.at} />
            </span>
          </span>
        ) : undefined
      }
    >
      <div className={ui.stack}>
        <p>{v.run ? v.run.detail : `Nothing was put under load yet; ${v.source || 'a budget'} names what the next release will be.`}</p>
        {v.routes.length > 0 && (
          <Table
            label="Routes"
            columns={[
              'Route',
              { head: 'p95 against its limit', wide: true },
              { head: 'p95', n: true },
              { head: 'At most', n: true, wide: true },
              { head: 'Stable', n: true, wide: true },
              { head: 'Failed', n: true, wide: true },
              'State',
            ]}
            commands
          >
            {v.routes.map((r) => (
              <Route key={r.route} project={project} route={r} bars={bars.get(r.route)!} />
            ))}
          </Table>
        )}
      </div>
      {v.leftOut.length + v.scripts.length > 0 && (
        <details className={css.more}>
          <summary>{count(v.leftOut.length + v.scripts.length)} not put under load</summary>
          <ul>
            {v.leftOut.map((l) => (
              <li key={l.name}>
                <code>{l.name}</code>: {l.why}
              </li>
            ))}
            {v.scripts.map((s) => (
              <li key={s}>
                <code>{s}</code>: a k6 script of the repository’s own
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

function Runs({ project, list, shown }: { project: string; list: PerformanceRunRow[]; shown: number | undefined }) {
  return (
    <Card label="Runs" aside={list.length >= 50 ? 'The last 50' : undefined}>
      <Table label="Runs of load" columns={['Release', { head: 'Commit', wide: true }, 'What was seen', 'Made']}>
        {list.map((r) => (
          <tr key={r.run} aria-current={r.run === shown ? true : undefined}>
            <td>
              <Link to="/projects/$project/gates/performance" params={{ project }} search={{ release: r.release }}>
                Release {r.release}
              </Link>
            </td>
            <td className={ui.wide}>
              <code>{shortCommit(r.commit)}</code>
            </td>
            <td className={css.route}>{r.detail}</td>
            <td className="muted">
              <Ago at={r.at} />
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

/** What each route showed under load in staging, held against its budget or the stable version. */
export function PerformanceTab() {
  const project = useProjectId();
  const { release } = useSearch({ from: '/projects/$project/gates/performance' });
  const navigate = useNavigate();
  const runs = useQuery(performanceRunsQuery(project)).data ?? [];
  const view = useQuery(performanceQuery(project, release));
  return (
    <div className={ui.page}>
      {release !== undefined && (
        <p>
          <button
            type="button"
            className={ui.link}
            onClick={() => void navigate({ to: '/projects/$project/gates/performance', params: { project }, search: {} })}
          >
            ← The newest run
          </button>
        </p>
      )}
      <Asked query={view} what="what was measured" rows={1} rowHeight={240}>
        {(v) =>
          v ? (
            <Load project={project} view={v} />
          ) : (
            <Card label="Load">
              <Empty icon="runs" title="No routes are known" command="prodsprint performance budgets set GET / --p95 200ms">
                An openapi.yaml in the repository names the routes that are put under load in staging; so does a budget.
              </Empty>
            </Card>
          )
        }
      </Asked>
      {runs.length > 0 && <Runs project={project} list={runs} shown={view.data?.run?.run} />}
    </div>
  );
}
