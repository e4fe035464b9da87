import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { InfrastructureView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { none, sentence, shortDigest, who } from '../../app/format.ts';
import { Asked } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { useProjectId } from '../Projects/ProjectPage.tsx';
import { money } from '../Plans/costs.ts';
import { Changes } from './Changes.tsx';
import { commandsOf, openPlan, stateOf, summaryOf } from './environmentState.ts';
import css from './Infrastructure.module.css';
import { infrastructureQuery } from './infrastructure.ts';
import { ApplyIt, ApproveIt, CheckIt, DriftCommands, PlanIt } from './InfrastructureDialogs.tsx';
import { Output } from './Output.tsx';
import { States } from './States.tsx';

/** The job that is at work, or that was while this page was looked at. */
function useLastJob(job: string | null | undefined) {
  const [last, setLast] = useState(job ?? null);
  if (job && job !== last) setLast(job);
  return last;
}

function Standing({ view: i }: { view: InfrastructureView }) {
  const b = i.baseline;
  return (
    <dl className={ui.facts}>
      <div>
        <dt>Stands on</dt>
        <dd>{b ? `plan ${b.plan}` : i.phase === 'destroyed' ? 'nothing any more' : 'nothing yet'}</dd>
      </div>
      {b && (
        <>
          <div>
            <dt>Applied</dt>
            <dd>
              <Ago at={b.appliedAt} />
            </dd>
          </div>
          <div>
            <dt>Approved by</dt>
            <dd>{who(b.approvedBy)}</dd>
          </div>
          <div>
            <dt>State</dt>
            <dd title={b.stateDigest}>version {b.stateVersion}</dd>
          </div>
          <div>
            <dt>Looked at</dt>
            <dd>{i.checkedAt ? <Ago at={i.checkedAt} /> : none}</dd>
          </div>
        </>
      )}
    </dl>
  );
}

function OpenPlan({ view: i }: { view: InfrastructureView }) {
  const plan = openPlan(i);
  if (!plan) return null;
  return (
    <section className={css.part} aria-label={`Plan ${plan.number} of ${i.environment}`}>
      <div className={ui.row}>
        <h3>Plan {plan.number}</h3>
        {plan.destroy && (
          <Tag tone="bad" icon="warning" small>
            Takes everything away
          </Tag>
        )}
        <span className={`${ui.small} muted`}>
          {summaryOf(plan.changes)}, with {plan.tool}, <code title={plan.digest}>{shortDigest(plan.digest)}</code>, asked for by{' '}
          {who(i.requestedBy)}
          {i.approvedBy && (
            <>
              , approved by {who(i.approvedBy)} <Ago at={i.approvedAt} />
            </>
          )}
        </span>
      </div>
      {plan.cost?.billed && (
        <p>
          {plan.cost.change < 0 ? '\u2212' : '+'}
          {money(Math.abs(plan.cost.change))} a month{' '}
          <span className="muted">
            ({money(plan.cost.before)} before, {money(plan.cost.after)} after
            {plan.cost.unpriced.length > 0 && `, without ${plan.cost.unpriced.map((u) => u.address).join(', ')}`})
          </span>
        </p>
      )}
      {plan.changes.length > 0 && <Changes list={plan.changes} label={`Changes of plan ${plan.number}`} />}
    </section>
  );
}

function Drift({ view: i }: { view: InfrastructureView }) {
  const d = i.drift;
  if (!d) return null;
  return (
    <section className={css.part} aria-label={`Drift of ${i.environment}`}>
      <div className={ui.row}>
        <h3>Drift</h3>
        <span className={`${ui.small} muted`}>
          what is there is not what was applied, since <Ago at={d.since} />
          {d.acceptedBy && (
            <>
              ; accepted by {who(d.acceptedBy)} <Ago at={d.acceptedAt} />: {d.acceptedFor}
            </>
          )}
        </span>
        {!i.job && <span className={`${ui.row} ${css.end}`}>{!d.acceptedBy && <DriftCommands view={i} digest={d.digest} />}</span>}
      </div>
      <Changes list={d.changes} label={`What is otherwise in ${i.environment}`} />
      {!d.acceptedBy && i.environment === 'production' && (
        <p className={`${ui.small} muted`}>A release in flight is held until it is put back or accepted. Going back never waits.</p>
      )}
    </section>
  );
}

function Environment({ project, environment, view }: { project: string; environment: string; view?: InfrastructureView }) {
  const job = useLastJob(view?.job);
  const state = view && stateOf(view);
  const may = commandsOf(view);
  return (
    <Card
      label={sentence(environment)}
      title={
        <>
          {sentence(environment)}{' '}
          {state && (
            <Tag tone={state.tone} icon={state.icon} small>
              {state.text}
            </Tag>
          )}
        </>
      }
      aside={
        <span className={ui.row}>
          {may.includes('approve') && <ApproveIt view={view!} digest={view!.plan!.digest} />}
          {may.includes('apply') && <ApplyIt view={view!} />}
          {may.includes('check') && <CheckIt view={view!} />}
          {may.includes('plan') && <PlanIt place={{ project, environment }} standing={view?.baseline != null} />}
        </span>
      }
    >
      {view ? (
        <>
          <Standing view={view} />
          {view.problem && (
            <div className={css.problem} role="note">
              <strong>{view.phase === 'failed' ? 'It failed' : 'The last look or run failed'}</strong>
              <span>{view.problem}</span>
            </div>
          )}
          <Drift view={view} />
          <OpenPlan view={view} />
          {job && (
            <div className={css.part}>
              <Output key={job} job={job} environment={environment} />
            </div>
          )}
          <States view={view} />
        </>
      ) : (
        <p className="muted">
          Stands on nothing yet. A plan gives it a PostgreSQL database with a role and a password of its own, and directories; its services
          are then given <code>DATABASE_URL</code>.
        </p>
      )}
    </Card>
  );
}

const environments = ['production', 'staging'];

/** Each environment: what it stands on, what would change, and what is otherwise than it was applied. */
export function EnvironmentsTab() {
  const project = useProjectId();
  return (
    <Asked query={useQuery(infrastructureQuery(project))} what="the environments" rows={2} rowHeight={180}>
      {(list) => (
        <div className={ui.page}>
          {environments.map((environment) => (
            <Environment
              key={environment}
              project={project}
              environment={environment}
              view={list.find((one) => one.environment === environment)}
            />
          ))}
        </div>
      )}
    </Asked>
  );
}
