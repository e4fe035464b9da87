import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { jobsQuery } from '../../api/queries.ts';
import type { JobRow, JobState } from '../../api/types.ts';
import { Ago, Took } from '../../app/Ago.tsx';
import { none } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import { Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { JobCommands } from './JobCommands.tsx';
import css from './JobsTab.module.css';
import { jobState } from './jobState.ts';

const states = [
  { value: '', label: 'All' },
  { value: 'queued', label: 'Queued' },
  { value: 'running', label: 'Running' },
  { value: 'succeeded', label: 'Done' },
  { value: 'dead', label: 'Dead letters' },
];

export function Progress({ job }: { job: JobRow }) {
  if (job.progress == null) return <span className="muted">{job.progressText ?? none}</span>;
  const percent = job.progress <= 1 ? job.progress * 100 : job.progress;
  return (
    <div className={css.progress}>
      <div
        className={css.track}
        role="progressbar"
        aria-valuenow={Math.round(percent)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-label={`Progress of ${job.kind}`}
      >
        <span style={{ width: `${percent}%` }} />
      </div>
      <span className="muted">{job.progressText ?? `${Math.round(percent)} %`}</span>
    </div>
  );
}

function Row({ job }: { job: JobRow }) {
  const s = jobState(job.state);
  return (
    <tr>
      <td>
        <Link to="/administration/jobs/$job" params={{ job: job.id }}>
          <code>{job.kind}</code>
        </Link>
      </td>
      <td>
        <Tag tone={s.tone} icon={s.icon} small>
          {s.text}
        </Tag>
      </td>
      <td className={`${css.owner} ${ui.wide}`}>
        <code>{job.owner ?? job.project ?? none}</code>
      </td>
      <td className={`${ui.n} ${ui.wide}`}>
        {job.attempt} of {job.maxAttempts}
      </td>
      <td className={`${css.error} ${ui.wide}`}>
        {job.error ? (
          <span title={job.error}>{job.error}</span>
        ) : job.endedAt ? (
          <span className="muted">
            took <Took from={job.startedAt} to={job.endedAt} />
          </span>
        ) : (
          <Progress job={job} />
        )}
      </td>
      <td className={`${ui.n} ${ui.wide} muted`}>
        <Ago at={job.endedAt ?? job.startedAt ?? job.createdAt} />
      </td>
      <td className={ui.n}>
        <JobCommands job={job} inRow />
      </td>
    </tr>
  );
}

export function JobsTab() {
  const [state, setState] = useState<JobState | ''>('');
  const jobs = useQuery(jobsQuery(state || undefined));
  return (
    <div className={ui.stack}>
      <div className={css.filter}>
        <SegmentedControl size="xs" aria-label="State" value={state} onChange={(v) => setState(v as JobState | '')} data={states} />
      </div>
      <Asked
        query={jobs}
        what="the jobs"
        rows={5}
        rowHeight={44}
        empty={
          state === 'dead' ? (
            <Empty icon="check" title="No dead letters">
              Jobs that have used all their attempts come here, to be looked at and replayed.
            </Empty>
          ) : (
            <Empty icon="clock" title="No jobs here">
              Builds, starts, smoke tests and imports run as jobs.
            </Empty>
          )
        }
      >
        {(list) => (
          <Table
            label="Jobs"
            columns={[
              'Kind',
              'State',
              { head: 'Owner', wide: true },
              { head: 'Attempt', wide: true, n: true },
              { head: 'Progress or error', wide: true },
              { head: 'When', wide: true, n: true },
            ]}
            commands
          >
            {list.map((j) => (
              <Row key={j.id} job={j} />
            ))}
          </Table>
        )}
      </Asked>
    </div>
  );
}
