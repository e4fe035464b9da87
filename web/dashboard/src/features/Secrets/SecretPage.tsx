import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { SecretVersion, SecretView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { none, who } from '../../app/format.ts';
import { Asked } from '../../app/States.tsx';
import { Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { SecretCommands } from './SecretDialogs.tsx';
import { NextRotation, State } from './SecretsTab.tsx';
import css from './Secrets.module.css';
import { secretQuery } from './secrets.ts';
import { currentOf, hours, kinds, versionStates } from './secretState.ts';

function Facts({ secret: s }: { secret: SecretView }) {
  const facts: [string, React.ReactNode][] = [
    ['Kind', kinds[s.kind]],
    ['Current version', currentOf(s)?.number ?? none],
    ['Current since', <Ago at={currentOf(s)?.currentAt} />],
    ['Next version', <NextRotation secret={s} />],
    ...(s.everyDays ? [['Schedule', `every ${s.everyDays} days`] as [string, string]] : []),
    ['Overlap', hours(s.overlapHours)],
    ...(s.kind === 'value' ? [] : ([['Last check', s.checkedAt ? <Ago at={s.checkedAt} /> : 'not yet']] as [string, React.ReactNode][])),
    ...(s.revokeAt ? ([['The one before ends', <Ago at={s.revokeAt} />]] as [string, React.ReactNode][]) : []),
    ...(s.provider ? ([['Keys come from', new URL(s.provider.create).host]] as [string, string][]) : []),
  ];
  return (
    <dl className={ui.facts}>
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Wrong({ tone, title, text }: { tone: 'bad' | 'hold'; title: string; text?: string | null }) {
  if (!text) return null;
  return (
    <div className={css.wrong} data-tone={tone} role="note">
      <strong>{title}</strong>
      <span>{text}</span>
    </div>
  );
}

function Version({ version: v }: { version: SecretVersion }) {
  const state = versionStates[v.state];
  return (
    <tr>
      <td>{v.number}</td>
      <td>
        <Tag tone={state.tone} icon={state.icon} small>
          {state.text}
        </Tag>
      </td>
      <td>
        <Ago at={v.madeAt} />
        <span className="muted"> by {who(v.by)}</span>
      </td>
      <td className={`${ui.wide} muted`}>
        <Ago at={v.currentAt} />
      </td>
      <td className={`${ui.wide} muted`}>
        <Ago at={v.endedAt} />
      </td>
      <td className={ui.wide}>{v.providerId ? <code>{v.providerId}</code> : <span className="muted">{none}</span>}</td>
    </tr>
  );
}

/** One secret: how it is, what may be done to it, and what became of its versions. */
export function SecretPage() {
  const { project, environment, name } = useParams({ from: '/projects/$project/infrastructure/secrets/$environment/$name' });
  return (
    <div className={ui.page}>
      <p>
        <Link to="/projects/$project/infrastructure/secrets" params={{ project }}>
          ← Secrets
        </Link>
      </p>
      <Asked query={useQuery(secretQuery(project, environment, name))} what="the secret" rows={2} rowHeight={160}>
        {(s) => (
          <>
            <Card
              label="Secret"
              title={
                <>
                  <code>{s.name}</code> of {s.environment}
                </>
              }
              aside={<State secret={s} />}
            >
              <Wrong tone="bad" title="The current version is not let in" text={s.drift} />
              <Wrong
                tone={s.phase === 'empty' ? 'bad' : 'hold'}
                title={s.phase === 'empty' ? 'No version works' : 'What was asked of it last was not done'}
                text={s.problem}
              />
              <Wrong tone="hold" title="The version before has not ended yet" text={s.waiting} />
              <Facts secret={s} />
              <div className={css.commands}>
                <SecretCommands secret={s} />
              </div>
            </Card>
            <Card label="Versions" aside="the newest 20; values are not shown">
              <Table
                label={`Versions of ${s.name}`}
                columns={[
                  'No.',
                  'State',
                  'Made',
                  { head: 'Current since', wide: true },
                  { head: 'Ended', wide: true },
                  { head: 'At its provider', wide: true },
                ]}
              >
                {s.versions.map((v) => (
                  <Version key={v.number} version={v} />
                ))}
              </Table>
            </Card>
          </>
        )}
      </Asked>
    </div>
  );
}
