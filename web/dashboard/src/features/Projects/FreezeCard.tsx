import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FreezeWindow, ProjectView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { fullTime } from '../../app/format.ts';
import { Icon } from '../../app/Icon.tsx';
import ui from '../../app/ui.module.css';
import { useNow } from '../../live/clock.ts';
import { Tag } from '../Gates/Verdict.tsx';
import { CommandButton } from '../Identity/CommandButton.tsx';
import type { Edit } from '../../offline/edits.ts';
import { CommandDialog } from '../Releases/CommandDialog.tsx';
import { windowOf, windowProblem, windowState, without, type WindowDraft } from './freezeWindows.ts';
import { setFreezeWindows } from './settings.ts';

const empty: WindowDraft = { from: '', until: '', reason: '' };
const span = (w: FreezeWindow) => `${fullTime(Date.parse(w.from))} until ${fullTime(Date.parse(w.until))}`;

const editOf = (project: ProjectView, mine: FreezeWindow[], reason: string): Edit => ({
  kind: 'freeze',
  project: project.id,
  base: project.freeze,
  mine,
  reason,
});

function AddWindow({ project }: { project: ProjectView }) {
  const [opened, setOpened] = useState(false);
  const [draft, setDraft] = useState(empty);
  const now = useNow();
  const problem = windowProblem(draft, now);
  const field = (name: keyof WindowDraft) => ({
    value: draft[name],
    onChange: (e: { currentTarget: { value: string } }) => {
      const v = e.currentTarget.value;
      setDraft((d) => ({ ...d, [name]: v }));
    },
    error: problem?.field === name && draft[name] !== '' ? problem.text : null,
  });
  return (
    <>
      <CommandButton
        action="SetFreezeWindows"
        variant="default"
        leftSection={<Icon name="plus" size={16} />}
        onClick={() => {
          setDraft(empty);
          setOpened(true);
        }}
      >
        Add a freeze window
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title="Add a freeze window"
        confirm="Add"
        withReason={false}
        ready={problem === null}
        done="Freeze window added."
        consequence="While it is open no release starts, and one under way is held, finished or taken back, as its policy says. A rollback is always allowed."
        send={(_, key) => setFreezeWindows(project, [...project.freeze, windowOf(draft)], draft.reason.trim(), key)}
        edit={() => editOf(project, [...project.freeze, windowOf(draft)], draft.reason.trim())}
      >
        <TextInput type="datetime-local" label="From" description="In your time zone" required data-autofocus {...field('from')} />
        <TextInput type="datetime-local" label="Until" required {...field('until')} />
        <TextInput
          label="Why"
          description="Shown to everyone whose release waits"
          required
          maxLength={200}
          autoComplete="off"
          {...field('reason')}
        />
      </CommandDialog>
    </>
  );
}

function Window({ project, w }: { project: ProjectView; w: FreezeWindow }) {
  const [opened, setOpened] = useState(false);
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
      <td className={ui.n}>
        <CommandButton
          action="SetFreezeWindows"
          size="compact-sm"
          variant="default"
          onClick={() => setOpened(true)}
          aria-label={`Remove ${w.reason}`}
        >
          Remove
        </CommandButton>
        <CommandDialog
          opened={opened}
          close={() => setOpened(false)}
          title="Remove the freeze window"
          confirm="Remove"
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
      </td>
    </tr>
  );
}

export function FreezeCard({ project }: { project: ProjectView }) {
  return (
    <section className={ui.card} aria-label="Freeze windows">
      <div className={ui.cardHead}>
        <h2>Freeze windows</h2>
        <AddWindow project={project} />
      </div>
      {project.freeze.length === 0 ? (
        <p className="muted">None: releases may start at any time.</p>
      ) : (
        <div className={ui.scroll} tabIndex={0} role="region" aria-label="List of freeze windows">
          <table className={ui.table}>
            <thead>
              <tr>
                <th scope="col">Why and when</th>
                <th scope="col">State</th>
                <th scope="col">
                  <span className="sr-only">Commands</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {project.freeze.map((w) => (
                <Window key={`${w.from}/${w.until}/${w.reason}`} project={project} w={w} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
