import { NativeSelect, TextInput } from '@mantine/core';
import type { FreezeWindow, ProjectView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { fullTime } from '../../app/format.ts';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useDraft } from '../../app/useDraft.ts';
import { useNow } from '../../live/clock.ts';
import type { Edit } from '../../offline/edits.ts';
import { Tag } from '../Gates/Verdict.tsx';
import { windowOf, windowProblem, windowState, without, type WindowDraft } from './freezeWindows.ts';
import { setFreezeWindows } from './settings.ts';

const empty: WindowDraft = { from: '', until: '', reason: '', weeklyIn: '', environment: '' };
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const span = (w: FreezeWindow) =>
  `${fullTime(Date.parse(w.from))} until ${fullTime(Date.parse(w.until))}${w.weeklyIn ? `, every week in ${w.weeklyIn}` : ''}${w.environment ? `, ${w.environment} only` : ''}`;

const editOf = (project: ProjectView, mine: FreezeWindow[], reason: string): Edit => ({
  kind: 'freeze',
  project: project.id,
  base: project.freeze,
  mine,
  reason,
});

function AddWindow({ project }: { project: ProjectView }) {
  const { draft, field, begin } = useDraft(empty);
  const problem = windowProblem(draft, useNow());
  const checked = (name: keyof WindowDraft) => ({
    required: true,
    error: problem?.field === name && draft[name] !== '' ? problem.text : null,
    ...field(name),
  });
  return (
    <CommandWithDialog
      action="SetFreezeWindows"
      label="Add a freeze window"
      icon="plus"
      variant="default"
      begin={begin}
      confirm="Add"
      withReason={false}
      ready={problem === null}
      done="Freeze window added."
      consequence="While it is open no release starts, and one under way is held, finished or taken back, as its policy says. A rollback is always allowed."
      send={(_, key) => setFreezeWindows(project, [...project.freeze, windowOf(draft)], draft.reason.trim(), key)}
      edit={() => editOf(project, [...project.freeze, windowOf(draft)], draft.reason.trim())}
    >
      <TextInput type="datetime-local" label="From" description="In your time zone" data-autofocus {...checked('from')} />
      <TextInput type="datetime-local" label="Until" {...checked('until')} />
      <NativeSelect
        label="How often"
        data={[
          { value: '', label: 'Once' },
          { value: here, label: `Every week, at the same time in ${here}` },
        ]}
        {...field('weeklyIn')}
      />
      <NativeSelect
        label="What waits"
        data={[
          { value: '', label: 'Every release, before it begins' },
          { value: 'production', label: 'Only what goes to production' },
          { value: 'staging', label: 'Only what goes to staging' },
        ]}
        {...field('environment')}
      />
      <TextInput label="Why" description="Shown to everyone whose release waits" maxLength={200} {...checked('reason')} />
    </CommandWithDialog>
  );
}

function Window({ project, w }: { project: ProjectView; w: FreezeWindow }) {
  const state = windowState(w, useNow());
  return (
    <tr>
      <td>
        <strong>{w.reason}</strong>
        <div className={`${ui.small} muted`}>{span(w)}</div>
      </td>
      <td>
        {state === 'open' ? (
          <Tag tone="hold" icon="lock" small>
            Open, closes <Ago at={w.until} />
          </Tag>
        ) : state === 'coming' ? (
          <Tag tone="plain" icon="clock" small>
            Opens <Ago at={w.from} />
          </Tag>
        ) : (
          <Tag tone="plain" small>
            Over
          </Tag>
        )}
      </td>
      <RowCommands>
        <CommandWithDialog
          action="SetFreezeWindows"
          label="Remove"
          spoken={`Remove ${w.reason}`}
          inRow
          title="Remove the freeze window"
          danger
          reasonRequired
          done="Freeze window removed."
          consequence={
            <>
              “{w.reason}”, {span(w)}. {state === 'open' && 'Releases that it holds go on at once.'}
            </>
          }
          send={(reason, key) => setFreezeWindows(project, without(project.freeze, w), reason, key)}
          edit={(reason) => editOf(project, without(project.freeze, w), reason)}
        />
      </RowCommands>
    </tr>
  );
}

export function FreezeCard({ project }: { project: ProjectView }) {
  return (
    <Card label="Freeze windows" aside={<AddWindow project={project} />}>
      {project.freeze.length === 0 ? (
        <p className="muted">None: releases may start at any time.</p>
      ) : (
        <Table label="List of freeze windows" columns={['Why and when', 'State']} commands>
          {project.freeze.map((w) => (
            <Window key={`${w.from}/${w.until}/${w.reason}`} project={project} w={w} />
          ))}
        </Table>
      )}
    </Card>
  );
}
