import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ProjectView } from '../../api/types.ts';
import { Icon } from '../../app/Icon.tsx';
import ui from '../../app/ui.module.css';
import { CommandButton } from '../Identity/CommandButton.tsx';
import type { Edit } from '../../offline/edits.ts';
import { CommandDialog } from '../Releases/CommandDialog.tsx';
import { setVariables, variableName } from './settings.ts';

const nextPlan =
  'Copies that run keep what they were started with; the next plan takes it up, and says so where it changes what is executed.';

/** A view that an older server stored has no such list. */
const namesOf = (project: ProjectView): string[] => project.variables ?? [];

const editOf = (project: ProjectView, values: Record<string, string | null>, reason: string): Edit => ({
  kind: 'variables',
  project: project.id,
  base: namesOf(project),
  version: project.stateVersion,
  values,
  reason,
});

function SetVariable({ project, known }: { project: ProjectView; known?: string }) {
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const target = known ?? name.trim();
  const good = variableName.test(target);
  const open = () => {
    setName('');
    setValue('');
    setOpened(true);
  };
  return (
    <>
      {known ? (
        <CommandButton action="SetVariables" size="compact-sm" variant="default" onClick={open} aria-label={`Change ${known}`}>
          Change
        </CommandButton>
      ) : (
        <CommandButton action="SetVariables" variant="default" leftSection={<Icon name="plus" size={16} />} onClick={open}>
          Set a variable
        </CommandButton>
      )}
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title={known ? `Change ${known}` : 'Set a variable'}
        confirm="Set"
        ready={good}
        consequence={nextPlan}
        done={`${target} is set.`}
        send={(reason, key) => setVariables(project, { [target]: value }, reason, key)}
        edit={(reason) => editOf(project, { [target]: value }, reason)}
      >
        {!known && (
          <TextInput
            label="Name"
            required
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            spellCheck={false}
            autoComplete="off"
            data-autofocus
            placeholder="API_URL"
            error={target !== '' && !good ? 'Letters, digits and _, not beginning with a digit.' : null}
            description={namesOf(project).includes(target) ? 'It is set already; this replaces its value.' : undefined}
          />
        )}
        <TextInput
          label="Value"
          description="Not shown again after this"
          value={value}
          onChange={(e) => setValue(e.currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
        />
      </CommandDialog>
    </>
  );
}

function RemoveVariable({ project, name }: { project: ProjectView; name: string }) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <CommandButton
        action="SetVariables"
        size="compact-sm"
        variant="default"
        onClick={() => setOpened(true)}
        aria-label={`Remove ${name}`}
      >
        Remove
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title={`Remove ${name}`}
        confirm="Remove"
        danger
        reasonRequired
        consequence={nextPlan}
        done={`${name} is removed.`}
        send={(reason, key) => setVariables(project, { [name]: null }, reason, key)}
        edit={(reason) => editOf(project, { [name]: null }, reason)}
      />
    </>
  );
}

/** Names alone: values go in and are not shown again. */
export function VariablesCard({ project }: { project: ProjectView }) {
  const names = namesOf(project);
  return (
    <section className={ui.card} aria-label="Variables">
      <div className={ui.cardHead}>
        <h2>Variables</h2>
        <SetVariable project={project} />
      </div>
      {names.length === 0 ? (
        <p className="muted">None set. What the repository reads and nobody has set is a blocker of its plan.</p>
      ) : (
        <div className={ui.scroll} tabIndex={0} role="region" aria-label="List of variables">
          <table className={ui.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col" className={ui.wide}>
                  Value
                </th>
                <th scope="col">
                  <span className="sr-only">Commands</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {names.map((name) => (
                <tr key={name}>
                  <td>
                    <code>{name}</code>
                  </td>
                  <td className={`${ui.wide} muted`}>set</td>
                  <td className={ui.n}>
                    <span className={ui.row} style={{ justifyContent: 'flex-end' }}>
                      <SetVariable project={project} known={name} />
                      <RemoveVariable project={project} name={name} />
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
