import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Readiness, ReadinessItem } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { count, shortCommit } from '../../app/format.ts';
import { Icon, type IconName } from '../../app/Icon.tsx';
import { Asked } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { useProjectId } from '../Projects/ProjectPage.tsx';
import { readinessQuery } from './gates.ts';
import css from './Readiness.module.css';
import { Tag } from './Verdict.tsx';

const states = {
  ready: { tone: 'good', icon: 'check', text: 'Ready' },
  attention: { tone: 'hold', icon: 'warning', text: 'Needs attention' },
  blocked: { tone: 'bad', icon: 'cross', text: 'Blocked' },
} as const;

const marks: Record<ReadinessItem['state'], { icon: IconName; spoken: string }> = {
  pass: { icon: 'check', spoken: 'Passes' },
  warn: { icon: 'warning', spoken: 'Warning' },
  block: { icon: 'cross', spoken: 'Blocks' },
};

function Item({ item }: { item: ReadinessItem }) {
  const { icon, spoken } = marks[item.state];
  return (
    <li data-state={item.state}>
      <span className={css.mark}>
        <Icon name={icon} size={16} />
        <span className="sr-only">{spoken}:</span>
      </span>
      <div>
        <h3>{item.title}</h3>
        <p className="muted">{item.seen}</p>
        {item.remediation && (
          <p>
            <strong>Do:</strong> {item.remediation}
          </p>
        )}
        {item.remediation && item.link && (
          <Link to={item.link} aria-label={`Go there: ${item.title}`}>
            Go there
          </Link>
        )}
      </div>
    </li>
  );
}

function List({ label, items }: { label: string; items: ReadinessItem[] }) {
  return (
    <ul className={css.items} aria-label={label}>
      {items.map((item) => (
        <Item key={item.id} item={item} />
      ))}
    </ul>
  );
}

function Checklist({ readiness: r }: { readiness: Readiness }) {
  const state = states[r.state];
  const of = (one: ReadinessItem['state']) => r.items.filter((item) => item.state === one);
  const [blocking, warning, passing] = [of('block'), of('warn'), of('pass')];
  return (
    <Card
      label="Readiness"
      title={
        <>
          Readiness{' '}
          <Tag tone={state.tone} icon={state.icon} small testId="readiness">
            {state.text}
          </Tag>
        </>
      }
      aside={
        r.plan == null ? undefined : (
          <span className={`${ui.row} ${ui.small}`}>
            <Link to="/projects/$project/plan/$number" params={{ project: r.project, number: String(r.plan) }}>
              Plan {r.plan}
            </Link>
            <code className="muted">{shortCommit(r.commit)}</code>
          </span>
        )
      }
    >
      <div className={css.score}>
        <div className={css.bar} aria-hidden="true">
          {r.items.map((item) => (
            <i key={item.id} data-state={item.state} />
          ))}
        </div>
        <span>
          <b>{r.badge.message}</b> pass
        </span>
      </div>
      {blocking.length + warning.length > 0 && <List label="To be done" items={[...blocking, ...warning]} />}
      {passing.length > 0 && (
        <details className={css.passing} open={blocking.length + warning.length === 0}>
          <summary>{count(passing.length)} pass</summary>
          <List label="Passing" items={passing} />
        </details>
      )}
    </Card>
  );
}

/** What stands between a project and production, in a fixed order, with what to do about it. */
export function ReadinessTab() {
  return (
    <Asked query={useQuery(readinessQuery(useProjectId()))} what="the readiness" rows={1} rowHeight={320}>
      {(r) => <Checklist readiness={r} />}
    </Asked>
  );
}
