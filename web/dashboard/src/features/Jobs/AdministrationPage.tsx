import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { jobsQuery, operationsQuery, routerQuery } from '../../api/queries.ts';
import type { GrainFigures } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { count, milliseconds, none, perSecond } from '../../app/format.ts';
import { Page } from '../../app/Page.tsx';
import { Asked, Empty } from '../../app/States.tsx';
import { Tabs } from '../../app/Tabs.tsx';
import { useLiveOperations } from '../../live/live.tsx';
import { Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';

export function AdministrationPage() {
  const dead = useQuery(jobsQuery('dead')).data?.length;
  return (
    <Page title="Administration" lead="How ProdSprint itself is doing, who may do what, and who did.">
      <Tabs
        label="Administration"
        tabs={[
          { to: '/administration', label: 'Grains', exact: true },
          { to: '/administration/jobs', label: 'Jobs', count: dead },
          { to: '/administration/reminders', label: 'Reminders' },
          { to: '/administration/members', label: 'Members' },
          { to: '/administration/sign-in', label: 'Sign-in' },
          { to: '/administration/webhooks', label: 'Webhooks' },
          { to: '/administration/keys', label: 'Keys' },
          { to: '/administration/audit-log', label: 'Audit log' },
          { to: '/administration/limits', label: 'Limits' },
        ]}
      />
      <Outlet />
    </Page>
  );
}

const sum = (list: GrainFigures[], pick: (g: GrainFigures) => number | null | undefined) =>
  list.reduce((total, g) => total + (pick(g) ?? 0), 0);

export function GrainsTab() {
  useLiveOperations();
  const operations = useQuery(operationsQuery);
  const router = useQuery(routerQuery);
  const dead = useQuery(jobsQuery('dead')).data?.length;
  return (
    <Asked query={operations} what="the grains" rows={4} rowHeight={44}>
      {(view) => (
        <div className={ui.page}>
          <dl className={`${ui.card} ${ui.facts}`}>
            <div>
              <dt>Engine</dt>
              <dd>{view.engine}</dd>
            </div>
            <div>
              <dt>Activations</dt>
              <dd>{count(view.activations)}</dd>
            </div>
            <div>
              <dt>Calls</dt>
              <dd>{perSecond(view.callsPerSecond)}</dd>
            </div>
            <div>
              <dt>Errors</dt>
              <dd>{count(sum(view.grains, (g) => g.errors))}</dd>
            </div>
            <div>
              <dt>Dead letters</dt>
              <dd>{dead ? <Link to="/administration/jobs">{count(dead)}</Link> : count(dead)}</dd>
            </div>
            <div>
              <dt>Router</dt>
              <dd>
                {router.data
                  ? `${count(router.data.environments.length)} ${router.data.environments.length === 1 ? 'environment' : 'environments'}`
                  : router.error
                    ? 'does not answer'
                    : none}
              </dd>
            </div>
            <div>
              <dt>Reports dropped</dt>
              <dd>{count(router.data?.droppedRequests)}</dd>
            </div>
            <div>
              <dt>Started</dt>
              <dd>
                <Ago at={view.startedAt} />
              </dd>
            </div>
            {view.orleansDashboard && (
              <div>
                <dt>More</dt>
                <dd>
                  <a href={view.orleansDashboard}>Orleans’ own dashboard</a>
                </dd>
              </div>
            )}
          </dl>
          {view.grains.length === 0 ? (
            <Empty icon="administration" title="No grain is active">
              They are activated by the first call and collected when idle.
            </Empty>
          ) : (
            <Table
              label="Grain types"
              columns={[
                'Grain type',
                { head: 'Activations', n: true },
                { head: 'Calls', n: true },
                { head: 'Mean latency', wide: true, n: true },
                { head: 'Slowest', wide: true, n: true },
                { head: 'Errors', n: true },
              ]}
            >
              {view.grains.map((g) => (
                <tr key={g.type}>
                  <td>
                    <code>{g.type}</code>
                  </td>
                  <td className={ui.n}>{count(g.activations)}</td>
                  <td className={ui.n}>{perSecond(g.callsPerSecond)}</td>
                  <td className={`${ui.n} ${ui.wide}`}>{milliseconds(g.latencyMs)}</td>
                  <td className={`${ui.n} ${ui.wide}`}>{milliseconds(g.slowestMs)}</td>
                  <td className={ui.n}>{count(g.errors)}</td>
                </tr>
              ))}
            </Table>
          )}
        </div>
      )}
    </Asked>
  );
}
