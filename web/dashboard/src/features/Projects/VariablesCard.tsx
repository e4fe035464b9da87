import { TextInput } from '@mantine/core';
import type { ProjectView } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { NameInput } from '../../app/NameInput.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useDraft } from '../../app/useDraft.ts';
import type { Edit } from '../../offline/edits.ts';
import { setVariables, variableName } from './settings.ts';

const nextPlan =
  'Copies that run keep what they were started with; each has it from its next start on, and the next plan counts it as given.';

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
  const { draft, field, begin } = useDraft({ name: '', value: '' });
  const target = known ?? draft.name.trim();
  const values = { [target]: draft.value };
  return (
    <CommandWithDialog
      action="SetVariables"
      {...(known
        ? { label: 'Change', spoken: `Change ${known}`, inRow: true }
        : { label: 'Set a variable', icon: 'plus', variant: 'default' })}
      begin={begin}
      confirm="Set"
      ready={variableName.test(target)}
      consequence={nextPlan}
      done={`${target} is set.`}
      send={(reason, key) => setVariables(project, values, reason, key)}
      edit={(reason) => editOf(project, values, reason)}
    >
      {!known && (
        <NameInput
          label="Name"
          placeholder="API_URL"
          shape={variableName}
          hint="Letters, digits and _, not beginning with a digit."
          description={namesOf(project).includes(target) ? 'It is set already; this replaces its value.' : undefined}
          {...field('name')}
        />
      )}
      <TextInput label="Value" description="Not shown again after this" {...field('value')} />
    </CommandWithDialog>
  );
}

/** Names alone: values go in and are not shown again. */
export function VariablesCard({ project }: { project: ProjectView }) {
  const names = namesOf(project);
  return (
    <Card label="Variables" aside={<SetVariable project={project} />}>
      {names.length === 0 ? (
        <p className="muted">None set. What the repository reads and nobody has set is a blocker of its plan.</p>
      ) : (
        <Table label="List of variables" columns={['Name', { head: 'Value', wide: true }]} commands>
          {names.map((name) => (
            <tr key={name}>
              <td>
                <code>{name}</code>
              </td>
              <td className={`${ui.wide} muted`}>set</td>
              <RowCommands>
                <SetVariable project={project} known={name} />
                <CommandWithDialog
                  action="SetVariables"
                  label="Remove"
                  spoken={`Remove ${name}`}
                  inRow
                  danger
                  reasonRequired
                  consequence={nextPlan}
                  done={`${name} is removed.`}
                  send={(reason, key) => setVariables(project, { [name]: null }, reason, key)}
                  edit={(reason) => editOf(project, { [name]: null }, reason)}
                />
              </RowCommands>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}
