import { Select } from '@mantine/core';
import { useState } from 'react';
import { api, ask } from '../../api/client.ts';
import type { ProjectView } from '../../api/types.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { rollbackTargets } from './rollbackTargets.ts';

export function RollbackButton({ project }: { project: ProjectView }) {
  const targets = rollbackTargets(project);
  const [chosen, setChosen] = useState<string | null>(null);
  const version = chosen ?? targets[0] ?? null;
  if (targets.length === 0 || !project.stable) return null;
  return (
    <CommandWithDialog
      action="RollBack"
      label="Roll back"
      icon="back"
      variant="default"
      later="soon"
      confirm={`Roll back to ${version}`}
      danger
      reasonRequired
      ready={version !== null}
      consequence={
        <>
          Production goes from <b>{project.stable.version}</b> back to <b>{version}</b>. A version that is still kept needs no build.
        </>
      }
      done={`Rolling back to ${version}.`}
      send={(reason, key) =>
        ask(
          api.POST('/v1/projects/{project}/rollback', {
            params: { path: { project: project.id } },
            headers: { 'Idempotency-Key': key },
            body: { version: version!, reason },
          }),
        )
      }
    >
      <Select
        label="Version"
        value={version}
        onChange={setChosen}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        data={targets}
      />
    </CommandWithDialog>
  );
}
