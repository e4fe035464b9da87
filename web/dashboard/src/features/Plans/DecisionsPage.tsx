import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { decisionsQuery, planQuery, releaseQuery } from '../../api/queries.ts';
import type { DecisionView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { who } from '../../app/format.ts';
import { Page } from '../../app/Page.tsx';
import { Asked, Empty } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { useUser } from '../Identity/UserMenu.tsx';
import { ReleaseActions } from '../Releases/ReleaseActions.tsx';
import { ApproveButton } from './ApproveButton.tsx';
import { isOwn } from './decisions.ts';
import css from './DecisionsPage.module.css';

function PlanDecision({ decision }: { decision: DecisionView }) {
  const { data } = useQuery(planQuery(decision.project, decision.plan!));
  return (
    <div className={ui.row}>
      {data && data.status === 'ready' && <ApproveButton project={decision.project} plan={data} />}
      <Link to="/projects/$project/plan/$number" params={{ project: decision.project, number: String(decision.plan) }}>
        See the plan
      </Link>
    </div>
  );
}

function ReleaseDecision({ decision }: { decision: DecisionView }) {
  const { data } = useQuery(releaseQuery(decision.project, decision.release!));
  return (
    <div className={ui.stack}>
      {data?.judgement && <p className={css.evidence}>{data.judgement.reason}</p>}
      <div className={ui.row}>
        {data && <ReleaseActions release={data} />}
        <Link to="/projects/$project/releases/$number" params={{ project: decision.project, number: String(decision.release) }}>
          See the release
        </Link>
      </div>
    </div>
  );
}

function Decision({ decision }: { decision: DecisionView }) {
  const user = useUser();
  return (
    <li className={`${ui.card} ${css.decision}`}>
      <div className={css.head}>
        <h2>{decision.title}</h2>
        {isOwn(decision, user) && (
          <Tag tone="hold" icon="person">
            Yours: someone else must decide
          </Tag>
        )}
      </div>
      {decision.detail && <p>{decision.detail}</p>}
      <p className={`${ui.small} muted`}>
        {decision.requestedBy && <>Asked by {who(decision.requestedBy)} </>}
        <Ago at={decision.since} />
        {decision.deadline && (
          <>
            , decides itself <Ago at={decision.deadline} />
          </>
        )}
      </p>
      {decision.plan != null ? (
        <PlanDecision decision={decision} />
      ) : decision.release != null ? (
        <ReleaseDecision decision={decision} />
      ) : null}
    </li>
  );
}

export function DecisionsPage() {
  const decisions = useQuery(decisionsQuery);
  return (
    <Page title="Decisions" lead="What waits for a person: plans, releases before production, canaries that are held.">
      <Asked
        query={decisions}
        what="the decisions"
        rows={2}
        rowHeight={140}
        empty={
          <Empty icon="decisions" title="Nothing waits for you">
            What needs a person comes here by itself, with what it needs to be decided.
          </Empty>
        }
      >
        {(list) => (
          <ul className={ui.stack}>
            {list.map((d) => (
              <Decision key={d.id} decision={d} />
            ))}
          </ul>
        )}
      </Asked>
    </Page>
  );
}
