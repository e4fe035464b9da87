import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { projectsQuery, runsQuery } from '../../api/queries.ts';
import type { ReleaseView } from '../../api/types.ts';
import { Ago, Took } from '../../app/Ago.tsx';
import { milliseconds, none, sentence, who } from '../../app/format.ts';
import { Page } from '../../app/Page.tsx';
import { Asked, Empty } from '../../app/States.tsx';
import { Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { WeightBar } from '../Traffic/WeightBar.tsx';
import { shares } from '../Traffic/weights.ts';
import { headlineIn } from './phase.ts';

const kinds: Record<string, string> = { normal: 'Release', rollback: 'Rollback', fastRollback: 'Fast rollback' };

function Runs({ list, running }: { list: ReleaseView[]; running: boolean }) {
  const projects = useQuery(projectsQuery).data;
  const stable = (project: string) => projects?.find((p) => p.id === project)?.stable?.release ?? 0;
  return (
    <Table
      label={running ? 'Runs under way' : 'Runs that have ended'}
      columns={[
        'Run',
        'Project',
        { head: 'Kind', wide: true },
        'State',
        { head: running ? 'Traffic' : 'Verdict to stable', wide: true },
        { head: 'Started by', wide: true },
        { head: 'Started', wide: true },
        { head: 'Took', n: true },
      ]}
    >
      {list.map((r) => {
        const h = headlineIn(r, stable(r.project));
        return (
          <tr key={`${r.project}/${r.number}`}>
            <td>
              <Link to="/projects/$project/releases/$number" params={{ project: r.project, number: String(r.number) }}>
                <strong>{r.version}</strong>
              </Link>{' '}
              <span className="muted">
                #{r.number}
                {r.attempt > 1 ? `, attempt ${r.attempt}` : ''}
              </span>
            </td>
            <td>
              <Link to="/projects/$project" params={{ project: r.project }}>
                {r.project}
              </Link>
            </td>
            <td className={ui.wide}>{kinds[r.kind] ?? sentence(r.kind)}</td>
            <td>
              <Tag tone={h.tone} icon={h.icon}>
                {h.text}
              </Tag>
            </td>
            <td className={ui.wide} style={{ minWidth: 120 }}>
              {running ? (
                <WeightBar list={shares(r, r.stableVersion)} compact />
              ) : r.verdictToStableMs != null ? (
                milliseconds(r.verdictToStableMs)
              ) : (
                <span className="muted">{none}</span>
              )}
            </td>
            <td className={ui.wide}>{who(r.startedBy)}</td>
            <td className={`${ui.wide} muted`} style={{ whiteSpace: 'nowrap' }}>
              <Ago at={r.startedAt} />
            </td>
            <td className={ui.n}>
              <Took from={r.startedAt} to={r.endedAt} />
            </td>
          </tr>
        );
      })}
    </Table>
  );
}

export function RunsPage() {
  const active = useQuery(runsQuery('active'));
  const ended = useQuery(runsQuery('ended'));
  return (
    <Page title="Runs" lead="Plans being carried out, and those that have ended.">
      <section className={ui.stack} aria-labelledby="active">
        <h2 id="active">Under way</h2>
        <Asked
          query={active}
          what="the runs"
          rows={1}
          empty={
            <Empty icon="runs" title="Nothing is under way" command="prodsprint release --project PROJECT --watch">
              A release starts here as soon as someone asks for one.
            </Empty>
          }
        >
          {(list) => <Runs list={list} running />}
        </Asked>
      </section>
      <section className={ui.stack} aria-labelledby="ended">
        <h2 id="ended">Ended</h2>
        <Asked query={ended} what="the ended runs" empty={<p className="muted">None yet.</p>}>
          {(list) => <Runs list={list} running={false} />}
        </Asked>
      </section>
    </Page>
  );
}
