import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { TestQuarantine } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { DaysChoice } from '../../app/DaysChoice.tsx';
import { count, who } from '../../app/format.ts';
import { Asked } from '../../app/States.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useDraft } from '../../app/useDraft.ts';
import { useNow } from '../../live/clock.ts';
import { endOf, holds, testName } from './quarantine.ts';
import { quarantineQuery, quarantineTest, releaseTest } from './testReports.ts';
import css from './Tests.module.css';
import { Tag } from './Verdict.tsx';

const changes = ['tests', 'readiness'];

/** `known`: of the test in whose row it stands; else its name is asked for. */
export function Quarantine({ project, known }: { project: string; known?: string }) {
  const { draft, set, field, begin } = useDraft({ test: '', ticket: '', days: 14 });
  const test = known ?? draft.test;
  return (
    <CommandWithDialog
      action="QuarantineTest"
      {...(known
        ? { label: 'Quarantine', spoken: `Quarantine ${known}`, inRow: true }
        : { label: 'Quarantine a test', icon: 'plus', variant: 'default' })}
      begin={begin}
      confirm="Quarantine"
      ready={test.trim() !== '' && draft.ticket.trim() !== ''}
      reasonRequired
      done="Quarantined."
      consequence="It runs, and its failure alone stops nothing until that day. It still blocks when it fails on a new version and passes on the stable one."
      changes={changes}
      send={(reason, key) => quarantineTest(project, { ...draft, test }, reason, key)}
    >
      {!known && (
        <TextInput
          label="Test"
          description="As it is shown: its suite, ›, its name; or the name alone"
          placeholder="cart › adds an item"
          required
          data-autofocus
          {...field('test')}
        />
      )}
      <TextInput
        label="Ticket"
        description="Where it is being mended"
        placeholder="SHOP-1311"
        required
        maxLength={300}
        data-autofocus={known ? true : undefined}
        {...field('ticket')}
      />
      <DaysChoice label="Until" choices={[7, 14, 30, 90]} value={draft.days} onChange={(days) => set('days', days)} />
    </CommandWithDialog>
  );
}

export function TestLink({ project, test }: { project: string; test: string }) {
  return (
    <Link to="/projects/$project/gates/tests/history" params={{ project }} search={{ test }}>
      {test}
    </Link>
  );
}

function Row({ project, q }: { project: string; q: TestQuarantine }) {
  const test = testName(q);
  const end = endOf(q, useNow());
  return (
    <tr>
      <td className={css.name}>
        <TestLink project={project} test={test} />
        <div className={`${ui.small} muted`}>
          {q.reason} {q.ticket && <b>{q.ticket}</b>}
        </div>
      </td>
      <td>
        {end ? (
          <Tag tone="plain" icon="clock" small>
            Ended <Ago at={end.at} />
          </Tag>
        ) : (
          <Tag tone="hold" icon="pause" small>
            Ends <Ago at={q.until} />
          </Tag>
        )}
      </td>
      <td className={`${ui.wide} muted`}>
        {who(q.by)} <Ago at={q.since} />
        {end?.by && <>; released by {who(end.by)}</>}
      </td>
      {!end && (
        <RowCommands>
          <CommandWithDialog
            action="ReleaseTest"
            label="Release"
            spoken={`Release ${test}`}
            title="Release it from quarantine"
            confirm="Release"
            inRow
            done="It counts again."
            consequence={`From the next build on “${test}” stops a release again when it fails.`}
            changes={changes}
            send={(reason, key) => releaseTest(project, test, reason, key)}
          />
        </RowCommands>
      )}
    </tr>
  );
}

function Tests({ project, list }: { project: string; list: TestQuarantine[] }) {
  const now = useNow();
  const aside = list.filter((q) => holds(q, now));
  const ended = list.filter((q) => !holds(q, now));
  const rows = (some: TestQuarantine[]) => some.map((q) => <Row key={`${testName(q)}@${q.since}`} project={project} q={q} />);
  return (
    <div className={ui.stack}>
      {aside.length > 0 ? (
        <Table label="Tests in quarantine" columns={['Test', 'State', { head: 'By', wide: true }]} commands>
          {rows(aside)}
        </Table>
      ) : (
        <p className="muted">None: whatever fails stops a release. A test that wavers is put aside for 14 days by itself.</p>
      )}
      {ended.length > 0 && (
        <details className={css.more}>
          <summary>{count(ended.length)} ended</summary>
          <Table label="Tests that were in quarantine" columns={['Test', 'State', { head: 'By', wide: true }]}>
            {rows(ended)}
          </Table>
        </details>
      )}
    </div>
  );
}

/** Tests whose failure alone stops nothing for a while. */
export function QuarantineCard({ project }: { project: string }) {
  return (
    <Card label="Quarantine" aside={<Quarantine project={project} />}>
      <Asked query={useQuery(quarantineQuery(project))} what="the quarantine" rows={1} rowHeight={60}>
        {(list) => <Tests project={project} list={list} />}
      </Asked>
    </Card>
  );
}
