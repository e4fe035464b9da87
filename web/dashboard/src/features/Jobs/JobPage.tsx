import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { jobQuery } from '../../api/queries.ts';
import type { JobView } from '../../api/types.ts';
import { Ago, Took } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { none } from '../../app/format.ts';
import { Asked } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { JobCommands } from './JobCommands.tsx';
import css from './JobsTab.module.css';
import { Progress } from './JobsTab.tsx';
import { jobState } from './jobState.ts';

function Json({ title, value }: { title: string; value: unknown }) {
  if (value == null) return null;
  return (
    <Card label={title} title={title}>
      <pre className={css.json} tabIndex={0}>
        {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
      </pre>
    </Card>
  );
}

function Job({ job }: { job: JobView }) {
  const s = jobState(job.state);
  return (
    <div className={ui.page}>
      <section className={ui.card} aria-label="Job">
        <div className={ui.cardHead}>
          <div className={ui.row}>
            <h2>
              <code>{job.kind}</code>
            </h2>
            <Tag tone={s.tone} icon={s.icon}>
              {s.text}
            </Tag>
          </div>
          <JobCommands job={job} />
        </div>
        <dl className={ui.facts}>
          <div>
            <dt>Id</dt>
            <dd>
              <code>{job.id}</code>
            </dd>
          </div>
          <div>
            <dt>Owner</dt>
            <dd>
              <code>{job.owner ?? none}</code>
            </dd>
          </div>
          <div>
            <dt>Attempt</dt>
            <dd>
              {job.attempt} of {job.maxAttempts}
            </dd>
          </div>
          <div>
            <dt>Enqueued</dt>
            <dd>
              <Ago at={job.createdAt} />
            </dd>
          </div>
          <div>
            <dt>Took</dt>
            <dd>
              <Took from={job.startedAt} to={job.endedAt} />
            </dd>
          </div>
          {job.nextAt && (
            <div>
              <dt>Next attempt</dt>
              <dd>
                <Ago at={job.nextAt} />
              </dd>
            </div>
          )}
          {!job.endedAt && (
            <div>
              <dt>Progress</dt>
              <dd>
                <Progress job={job} />
              </dd>
            </div>
          )}
        </dl>
        {job.error && (
          <p style={{ marginTop: 14 }}>
            <strong>Error:</strong> {job.error}
          </p>
        )}
      </section>
      {job.log.length > 0 && <Json title="Log" value={job.log.map((l) => l.line).join('\n')} />}
      <Json title="Argument" value={job.argument} />
      <Json title="Result" value={job.result} />
    </div>
  );
}

export function JobPage() {
  const { job: id } = useParams({ from: '/administration/jobs/$job' });
  const job = useQuery(jobQuery(id));
  return (
    <div className={ui.stack}>
      <p>
        <Link to="/administration/jobs">← Jobs</Link>
      </p>
      <Asked query={job} what="the job" rows={2} rowHeight={140}>
        {(j) => <Job job={j} />}
      </Asked>
    </div>
  );
}
