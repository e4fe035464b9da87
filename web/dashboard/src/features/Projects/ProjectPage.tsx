import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { api, ask } from '../../api/client.ts';
import { auditQuery, plansQuery, projectQuery, releasesQuery, trafficQuery } from '../../api/queries.ts';
import type { ProjectView } from '../../api/types.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { Icon } from '../../app/Icon.tsx';
import { Asked } from '../../app/States.tsx';
import { Tabs } from '../../app/Tabs.tsx';
import { useTitle } from '../../app/title.ts';
import ui from '../../app/ui.module.css';
import { useDraft } from '../../app/useDraft.ts';
import { useLiveProject, useLiveTraffic } from '../../live/live.tsx';
import { RollbackButton } from '../Releases/RollbackButton.tsx';
import css from './ProjectPage.module.css';

export function useProjectId(): string {
  return useParams({ from: '/projects/$project' }).project;
}

/** Releases need an approved plan; without one the next step is a plan. */
function NewRelease({ project, approved }: { project: ProjectView; approved: boolean }) {
  const { draft, field } = useDraft({ ref: '' });
  const navigate = useNavigate();
  const what = approved ? 'Release' : 'Plan';
  const send = async (reason: string, key: string) => {
    const options = { params: { path: { project: project.id } }, headers: { 'Idempotency-Key': key } };
    const ref = draft.ref.trim();
    const at = ref ? { ref } : {};
    if (approved) {
      await ask(api.POST('/v1/projects/{project}/releases', { ...options, body: { ...at, skipAnalysis: false, reason } }));
      await navigate({ to: '/projects/$project', params: { project: project.id } });
    } else {
      await ask(api.POST('/v1/projects/{project}/plans', { ...options, body: at }));
      await navigate({ to: '/projects/$project/plan', params: { project: project.id } });
    }
  };
  return (
    <CommandWithDialog
      action={approved ? 'StartRelease' : 'RequestPlan'}
      label={approved ? 'New release' : 'Make a plan'}
      icon={approved ? 'play' : 'plus'}
      later="soon"
      confirm={what}
      withReason={approved}
      changes={[approved ? 'releases' : 'plans']}
      send={send}
      done={`${what} started.`}
      consequence={
        approved
          ? 'The commit is built, staged, gated, and then taken into production step by step under the judge.'
          : 'The commit is audited and a plan is made of it. Nothing is executed before the plan is approved.'
      }
    >
      <TextInput
        label="Ref"
        description={`A branch, tag or commit; else ${project.defaultBranch ?? 'the default branch'}`}
        placeholder={project.defaultBranch ?? 'main'}
        {...field('ref')}
      />
    </CommandWithDialog>
  );
}

function Header({ project }: { project: ProjectView }) {
  const plans = useQuery(plansQuery(project.id)).data;
  const releases = useQuery(releasesQuery(project.id)).data ?? [];
  const url = useQuery(trafficQuery(project.id)).data?.url;
  const approved = Boolean(project.stable) || releases.length > 0 || (plans?.some((p) => p.status === 'approved') ?? false);
  return (
    <div className={ui.top}>
      <div className={css.title}>
        <h1>{project.id}</h1>
        <p className={css.facts}>
          <span className={css.source}>{project.source}</span>
          {project.stable && <span>{project.stable.version} in production</span>}
          {url && (
            <a href={url} target="_blank" rel="noreferrer">
              {url.replace(/^https?:\/\//, '')}
              <span className="sr-only"> (opens in a new tab)</span> <Icon name="external" size={13} />
            </a>
          )}
        </p>
      </div>
      <div className={ui.row}>
        <RollbackButton project={project} />
        <NewRelease project={project} approved={approved} />
      </div>
    </div>
  );
}

export function ProjectPage() {
  const id = useProjectId();
  useLiveProject(id);
  useLiveTraffic(id);
  const project = useQuery(projectQuery(id));
  const plans = useQuery(plansQuery(id)).data;
  const gaps = useQuery({ ...auditQuery(id), retry: false }).data?.gaps?.filter((g) => g.severity !== 'info').length;
  useTitle(id);
  const base = `/projects/${id}`;
  // Without a project there is nothing that its tabs could show.
  if (!project.data)
    return (
      <div className={ui.page}>
        <h1>{id}</h1>
        <Asked query={project} what="the project" rows={3} rowHeight={120}>
          {() => null}
        </Asked>
        {project.error && (
          <p>
            <Link to="/projects">All projects</Link>
          </p>
        )}
      </div>
    );
  return (
    <div className={ui.page}>
      <Header project={project.data} />
      <Tabs
        label="Project"
        tabs={[
          { to: base, label: 'Overview', exact: true },
          { to: `${base}/plan`, label: 'Plan', count: plans?.filter((p) => p.status === 'ready').length },
          { to: `${base}/audit`, label: 'Audit', count: gaps },
          { to: `${base}/gates`, label: 'Gates' },
          { to: `${base}/infrastructure`, label: 'Infrastructure' },
          { to: `${base}/timeline`, label: 'Timeline' },
          { to: `${base}/artifacts`, label: 'Artifacts' },
          { to: `${base}/logs`, label: 'Logs' },
          { to: `${base}/settings`, label: 'Settings' },
        ]}
      />
      <Outlet />
    </div>
  );
}
