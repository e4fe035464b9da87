import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { planQuery, projectQuery, releaseQuery, timelineQuery } from '../../api/queries.ts';
import { Card } from '../../app/Card.tsx';
import { Asked } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { TimelineList } from '../Audit/TimelineList.tsx';
import { ReleasePanel } from './ReleasePanel.tsx';

export function ReleaseTab() {
  const { project: id, number } = useParams({ from: '/projects/$project/releases/$number' });
  const n = Number(number);
  const project = useQuery(projectQuery(id)).data;
  const release = useQuery(releaseQuery(id, n));
  const planNumber = release.data?.planNumber;
  const plan = useQuery({ ...planQuery(id, planNumber ?? 0), enabled: planNumber !== undefined }).data ?? null;
  const timeline = useQuery(timelineQuery(id));
  return (
    <div className={ui.page}>
      <p>
        <Link to="/projects/$project" params={{ project: id }}>
          ← Overview
        </Link>
      </p>
      {project && (
        <Asked query={release} what="the release" rows={2} rowHeight={260}>
          {(r) => <ReleasePanel project={project} plan={plan} release={r} past={r.phase === 'ended' && project.lastRelease !== n} />}
        </Asked>
      )}
      {project && !release.isPending && (
        <Card label="Timeline of this release">
          <Asked query={timeline} what="the timeline" rowHeight={36}>
            {(list) => <TimelineList entries={list.filter((e) => e.release === n)} />}
          </Asked>
        </Card>
      )}
    </div>
  );
}
