import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { plansQuery, projectQuery, releaseQuery, releasesQuery, timelineQuery } from '../../api/queries.ts';
import type { PlanView, ProjectView, ReleaseView } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { Asked } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { TimelineList } from '../Audit/TimelineList.tsx';
import { Pipeline } from '../Releases/Pipeline.tsx';
import { stations } from '../Releases/pipelinePicture.ts';
import { ReleaseList } from '../Releases/ReleaseList.tsx';
import { ReleasePanel } from '../Releases/ReleasePanel.tsx';
import { NextStep } from './NextStep.tsx';
import { useProjectId } from './ProjectPage.tsx';

function BeforeFirstRelease({ project, plan }: { project: ProjectView; plan: PlanView | null }) {
  return (
    <Card label="The way to production">
      <div className={ui.stack} style={{ gap: 22 }}>
        <Pipeline list={stations(project, plan, null)} id={`p-${project.id}`} />
        <NextStep project={project} plan={plan} />
      </div>
    </Card>
  );
}

function Overview({ project, releases, plan }: { project: ProjectView; releases: ReleaseView[]; plan: PlanView | null }) {
  const id = project.id;
  const number = project.activeRelease ?? releases[0]?.number ?? null;
  const shown = useQuery({ ...releaseQuery(id, number ?? 0), enabled: number !== null });
  const timeline = useQuery(timelineQuery(id));
  // What stands beneath the release waits for it: how tall it will be is not known before.
  const placed = number === null || !shown.isPending;
  return (
    <>
      {number === null ? (
        <BeforeFirstRelease project={project} plan={plan} />
      ) : (
        <Asked query={shown} what="the release" rows={2} rowHeight={260}>
          {(r) => <ReleasePanel project={project} plan={plan} release={r} />}
        </Asked>
      )}
      {placed && (
        <div className={ui.two}>
          <Card
            label="Timeline"
            aside={
              <Link to="/projects/$project/timeline" params={{ project: id }}>
                All of it
              </Link>
            }
          >
            <Asked query={timeline} what="the timeline" rowHeight={36}>
              {(list) => <TimelineList entries={list.slice(0, 12)} />}
            </Asked>
          </Card>
          <Card label="Releases">
            <ReleaseList releases={releases} stableRelease={() => project.stable?.release} />
          </Card>
        </div>
      )}
    </>
  );
}

export function OverviewTab() {
  const id = useProjectId();
  const project = useQuery(projectQuery(id));
  const releases = useQuery(releasesQuery(id));
  const plans = useQuery(plansQuery(id));
  return (
    <div className={ui.page}>
      {project.data && (
        <Asked query={releases} what="the releases" rows={2} rowHeight={260}>
          {(list) => <Overview project={project.data} releases={list} plan={plans.data?.[0] ?? null} />}
        </Asked>
      )}
    </div>
  );
}
