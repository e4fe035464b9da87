import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { FreezeWindow, ProjectView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { Asked } from '../../app/States.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { fullTime } from '../../app/format.ts';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useDraft } from '../../app/useDraft.ts';
import { useNow } from '../../live/clock.ts';
import type { Edit } from '../../offline/edits.ts';
import { Tag } from '../Gates/Verdict.tsx';
import { currentWorkspace } from '../Tenants/workspace.ts';
import { windowOf, windowProblem, windowState, without, type WindowDraft } from './freezeWindows.ts';
import { setFreezeWindows, setWorkspaceFreeze, workspaceFreezeQuery } from './settings.ts';

const empty: WindowDraft = { from: '', until: '', reason: '', weeklyIn: '', environment: '' };
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const span = (w: FreezeWindow) =>
  `${fullTime(Date.parse(w.from))} until ${fullTime(Date.parse(w.until))}${w.weeklyIn ? `, every week in ${w.weeklyIn}` : ''}${w.environment ? `, ${w.environment} only` : ''}`;

/** A list of windows, and how another one takes its place. */
interface Frozen {
  windows: FreezeWindow[];
  action: 'SetFreezeWindows' | 'SetWorkspaceFreeze';
  /** Of whom. */
  whose: string;
  changes?: string[];
  set: (windows: FreezeWindow[], reason: string, key: string) => Promise<unknown>;
  /** Where a change can wait until the server is there again. */
  edit?: (mine: FreezeWindow[], reason: string) => Edit;
}

function AddWindow({ windows, action, whose, changes, set, edit }: Frozen) {
  const { draft, field, begin } = useDraft(empty);
  const problem = windowProblem(draft, useNow());
  const checked = (name: keyof WindowDraft) => ({
    required: true,
    error: problem?.field === name && draft[name] !== '' ? problem.text : null,
    ...field(name),
  });
  return (
    <CommandWithDialog
      action={action}
      changes={changes}
      label="Add a freeze window"
      icon="plus"
      variant="default"
      begin={begin}
      confirm="Add"
      withReason={false}
      ready={problem === null}
      done="Freeze window added."
      consequence={`While it is open no release ${whose} starts, and one under way is held, finished or taken back, as its policy says. A rollback is always allowed.`}
      send={(_, key) => set([...windows, windowOf(draft)], draft.reason.trim(), key)}
      edit={edit && (() => edit([...windows, windowOf(draft)], draft.reason.trim()))}
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

function Window({ w, frozen }: { w: FreezeWindow; frozen?: Frozen }) {
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
      {frozen && (
        <RowCommands>
          <CommandWithDialog
            action={frozen.action}
            changes={frozen.changes}
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
            send={(reason, key) => frozen.set(without(frozen.windows, w), reason, key)}
            edit={frozen.edit && ((reason) => frozen.edit!(without(frozen.windows, w), reason))}
          />
        </RowCommands>
      )}
    </tr>
  );
}

const keyOf = (w: FreezeWindow) => `${w.from}/${w.until}/${w.reason}`;
const columns = ['Why and when', 'State'];

function List({ frozen }: { frozen: Frozen }) {
  return (
    <Table label="List of freeze windows" columns={columns} commands>
      {frozen.windows.map((w) => (
        <Window key={keyOf(w)} w={w} frozen={frozen} />
      ))}
    </Table>
  );
}

export function FreezeCard({ project }: { project: ProjectView }) {
  const frozen: Frozen = {
    windows: project.freeze,
    action: 'SetFreezeWindows',
    whose: `of ${project.id}`,
    set: (windows, reason, key) => setFreezeWindows(project, windows, reason, key),
    edit: (mine, reason) => ({ kind: 'freeze', project: project.id, base: project.freeze, mine, reason }),
  };
  // A view that an older server stored has no such list.
  const everywhere: FreezeWindow[] = project.workspaceFreeze ?? [];
  return (
    <Card label="Freeze windows" aside={<AddWindow {...frozen} />}>
      {project.freeze.length > 0 ? (
        <List frozen={frozen} />
      ) : (
        everywhere.length === 0 && <p className="muted">None: releases may start at any time.</p>
      )}
      {everywhere.length > 0 && (
        <>
          <p className="muted">
            Of every project in {currentWorkspace()}; <Link to="/administration/limits">set there by its administrators</Link>:
          </p>
          <Table label="Freeze windows of the workspace" columns={columns}>
            {everywhere.map((w) => (
              <Window key={keyOf(w)} w={w} />
            ))}
          </Table>
        </>
      )}
    </Card>
  );
}

/** Those that hold for every project, also for one that is imported later. */
export function WorkspaceFreezeCard() {
  return (
    <Asked query={useQuery(workspaceFreezeQuery)} what="the freeze windows" rows={1} rowHeight={64}>
      {(view) => {
        const frozen: Frozen = {
          windows: view.windows,
          action: 'SetWorkspaceFreeze',
          whose: `of any project in ${currentWorkspace()}`,
          changes: ['freeze'],
          set: (windows, reason, key) => setWorkspaceFreeze(view, windows, reason, key),
        };
        return (
          <Card label="Freeze windows" title={`Freeze windows of ${currentWorkspace()}`} aside={<AddWindow {...frozen} />}>
            {view.windows.length > 0 ? <List frozen={frozen} /> : <p className="muted">None: each project has its own, or none.</p>}
          </Card>
        );
      }}
    </Asked>
  );
}
