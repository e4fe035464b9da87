import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { planQuery, plansQuery } from '../../api/queries.ts';
import type { PlanView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { sentence, shortCommit, shortDigest, who } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { useProjectId } from '../Projects/ProjectPage.tsx';
import { ApproveButton } from './ApproveButton.tsx';
import { Blueprint } from './Blueprint.tsx';
import { Blockers, Changes, Environments, Policy, Steps } from './PlanParts.tsx';

const tones: Record<string, 'good' | 'hold' | 'plain' | 'accent' | 'bad'> = {
  generating: 'accent',
  ready: 'hold',
  approved: 'good',
  failed: 'bad',
};

function Head({ project, plan }: { project: string; plan: PlanView }) {
  return (
    <div className={ui.top}>
      <div>
        <div className={ui.row}>
          <h2>Plan {plan.number}</h2>
          <Tag tone={tones[plan.status] ?? 'plain'}>{plan.status === 'ready' ? 'Waits for approval' : sentence(plan.status)}</Tag>
        </div>
        <p className={ui.small}>
          {plan.version && plan.version !== plan.commit && (
            <>
              <b>{plan.version}</b>,{' '}
            </>
          )}
          commit <code>{shortCommit(plan.commit)}</code>
          {plan.author && <> by {plan.author}</>}
          {plan.subject && (
            <>
              : <q>{plan.subject}</q>
            </>
          )}
          . Asked for by {who(plan.requestedBy)} <Ago at={plan.requestedAt} />
          {plan.document?.digest && (
            <>
              , digest <code title={plan.document.digest}>{shortDigest(plan.document.digest)}</code>
            </>
          )}
          {plan.status === 'ready' && plan.document?.policy.approvers != null && (
            <>
              . Approved by {plan.approvals?.length ?? 0} of {plan.document.policy.approvers} people
              {plan.approvals?.map((a) => (
                <span key={a.by}>
                  : {who(a.by)} <Ago at={a.at} />
                </span>
              ))}
            </>
          )}
          {plan.approvedBy && (
            <>
              . Approved by{' '}
              {plan.approvals?.slice(0, -1).map((a) => (
                <span key={a.by}>{who(a.by)}, </span>
              ))}
              {who(plan.approvedBy)} <Ago at={plan.approvedAt} />
            </>
          )}
          {plan.carriedFrom != null && <>. The approval of plan {plan.carriedFrom} carries over: nothing that is executed has changed</>}
        </p>
        {plan.summary && <p className={ui.small}>{plan.summary}</p>}
      </div>
      {plan.status === 'ready' && <ApproveButton project={project} plan={plan} />}
    </div>
  );
}

function Plan({ project, plan }: { project: string; plan: PlanView }) {
  const doc = plan.document;
  return (
    <div className={ui.page}>
      <Head project={project} plan={plan} />
      {!doc ? (
        <p className="muted">{plan.problem ?? 'The plan is being made.'}</p>
      ) : (
        <>
          {doc.blockers?.length > 0 && <Blockers list={doc.blockers} waivers={plan.waivers ?? []} />}
          {(doc.changes?.length ?? 0) > 0 && <Changes list={doc.changes!} />}
          <Policy policy={doc.policy} />
          <Environments doc={doc} />
          <Steps list={doc.steps} />
          <Blueprint key={plan.number} project={project} plan={plan.number} />
        </>
      )}
    </div>
  );
}

export function PlanTab() {
  const id = useProjectId();
  const { number } = useParams({ strict: false }) as { number?: string };
  const plans = useQuery(plansQuery(id));
  const n = number !== undefined ? Number(number) : (plans.data?.[0]?.number ?? null);
  const plan = useQuery({ ...planQuery(id, n ?? 0), enabled: n !== null });
  return (
    <Asked
      query={plans}
      what="the plans"
      rows={3}
      rowHeight={120}
      empty={
        <Empty icon="info" title="No plan yet" command={`prodsprint plan --project ${id}`}>
          A plan says what would be built and run, where, and how each step is taken back.
        </Empty>
      }
    >
      {(list) => (
        <div className={ui.page}>
          {list.length > 1 && (
            <p className={ui.row}>
              <span className="muted">Plans:</span>
              {list.slice(0, 10).map((p) => (
                <Link
                  key={p.number}
                  to="/projects/$project/plan/$number"
                  params={{ project: id, number: String(p.number) }}
                  activeProps={{ 'aria-current': 'page' }}
                >
                  {p.number}
                  <span className="muted"> {p.status}</span>
                </Link>
              ))}
            </p>
          )}
          <Asked query={plan} what="the plan" rows={3} rowHeight={120}>
            {(p) => <Plan project={id} plan={p} />}
          </Asked>
        </div>
      )}
    </Asked>
  );
}
