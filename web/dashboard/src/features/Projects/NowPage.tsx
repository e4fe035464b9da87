import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { decisionsQuery, noTraffic, projectsQuery, releaseQuery, runsQuery, trafficQuery } from '../../api/queries.ts';
import type { DecisionView, ProjectView, ReleaseView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { milliseconds, none, percent, perSecond } from '../../app/format.ts';
import { Page } from '../../app/Page.tsx';
import { Asked, Empty } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { useNow } from '../../live/clock.ts';
import { useLiveTraffic } from '../../live/live.tsx';
import { Tag } from '../Gates/Verdict.tsx';
import { headline, projectHeadline } from '../Releases/phase.ts';
import { ReleaseList } from '../Releases/ReleaseList.tsx';
import { endOf, latest } from '../Telemetry/series.ts';
import { Sparkline } from '../Telemetry/Sparkline.tsx';
import { WeightBar } from '../Traffic/WeightBar.tsx';
import { shares } from '../Traffic/weights.ts';
import { ImportButton } from './ImportButton.tsx';
import css from './NowPage.module.css';

function Figure({ label, value, bad }: { label: string; value: string; bad?: boolean }) {
  return (
    <div className={css.figure} data-bad={bad || undefined}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const releaseMessage = (r: ReleaseView) => (r.message?.includes(r.version) ? r.message : `${r.version}: ${r.message || headline(r).text}`);

function ProjectCard({ project }: { project: ProjectView }) {
  const now = useNow();
  useLiveTraffic(project.id);
  const number = project.activeRelease ?? null;
  const active = useQuery({ ...releaseQuery(project.id, number ?? 0), enabled: number !== null });
  const traffic = useQuery(trafficQuery(project.id)).data ?? noTraffic;
  const release: ReleaseView | null = number !== null && active.data && active.data.phase !== 'ended' ? active.data : null;
  const head = release ? headline(release) : projectHeadline(project);
  const split = shares(release, project.stable?.version);
  const end = endOf(traffic.points, now / 1000);
  const figures = latest(traffic.points, end, 10);
  return (
    <li className={css.card} data-running={release ? true : undefined}>
      <div className={css.cardTop}>
        <h2>
          <Link to="/projects/$project" params={{ project: project.id }} className={css.name}>
            {project.id}
          </Link>
        </h2>
        <Tag tone={head.tone} icon={head.icon} testId={`headline-${project.id}`}>
          {head.text}
        </Tag>
      </div>
      <p className={css.message}>
        {release
          ? releaseMessage(release)
          : project.stable
            ? `${project.stable.version} serves all traffic`
            : (project.problem ?? 'Nothing in production yet')}
      </p>
      <WeightBar list={split} compact />
      <dl className={css.figures}>
        <Figure label="Requests" value={project.stable || release ? perSecond(figures.requestsPerSecond) : none} />
        <Figure label="Errors" value={percent(figures.errorRatePercent)} bad={(figures.errorRatePercent ?? 0) >= 5} />
        <Figure label="p95" value={milliseconds(figures.p95Ms)} />
      </dl>
      <Sparkline points={traffic.points} list={split} end={end} />
    </li>
  );
}

function Waiting({ decisions }: { decisions: DecisionView[] }) {
  return (
    <section className={`${ui.card} ${css.waiting}`} aria-label="Waiting for a person">
      <h2>Waiting for a person</h2>
      <ul>
        {decisions.slice(0, 4).map((d) => (
          <li key={d.id}>
            <span>{d.title}</span>{' '}
            <span className="muted">
              <Ago at={d.since} />
            </span>
          </li>
        ))}
      </ul>
      <Link to="/decisions">{decisions.length === 1 ? 'Decide' : `Decide (${decisions.length})`}</Link>
    </section>
  );
}

const plural = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

function glance(projects: ProjectView[], waiting: number): string {
  const running = projects.filter((p) => p.activeRelease != null).length;
  const serving = projects.filter((p) => p.stable).length;
  return [
    `${plural(serving, 'project')} in production`,
    running === 0 ? 'no release running' : `${plural(running, 'release')} running`,
    waiting === 0 ? 'nothing waits for a person' : `${plural(waiting, 'decision')} waiting`,
  ].join(' · ');
}

export function NowPage() {
  const projects = useQuery(projectsQuery);
  const decisions = useQuery(decisionsQuery).data ?? [];
  const ended = useQuery(runsQuery('ended')).data ?? [];
  return (
    <Page title="Now" lead={projects.data && glance(projects.data, decisions.length)}>
      {decisions.length > 0 && <Waiting decisions={decisions} />}
      <Asked
        query={projects}
        what="projects"
        rows={2}
        rowHeight={220}
        empty={
          <Empty icon="projects" title="Nothing is running yet" command="prodsprint demo" action={<ImportButton />}>
            Import a repository, or let the demo take one from import to production and back.
          </Empty>
        }
      >
        {(list) => (
          <ul className={css.grid}>
            {[...list]
              .sort((a, b) => Number(b.activeRelease != null) - Number(a.activeRelease != null))
              .map((p) => (
                <ProjectCard key={p.id} project={p} />
              ))}
          </ul>
        )}
      </Asked>
      {ended.length > 0 && (
        <Card label="Lately" aside={<Link to="/runs">All runs</Link>}>
          <ReleaseList
            releases={ended.slice(0, 6)}
            stableRelease={(id) => projects.data?.find((p) => p.id === id)?.stable?.release}
            withProject
          />
        </Card>
      )}
    </Page>
  );
}
