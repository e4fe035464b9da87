import { Select } from '@mantine/core';
import { useState } from 'react';
import { api, ask } from '../../api/client.ts';
import type { ProjectView } from '../../api/types.ts';
import { Icon } from '../../app/Icon.tsx';
import { CommandButton } from '../Identity/CommandButton.tsx';
import { CommandDialog } from './CommandDialog.tsx';
import { rollbackTargets } from './rollbackTargets.ts';

export function RollbackButton({ project }: { project: ProjectView }) {
  const [opened, setOpened] = useState(false);
  const targets = rollbackTargets(project);
  const [chosen, setChosen] = useState<string | null>(null);
  const version = chosen ?? targets[0] ?? null;
  if (targets.length === 0 || !project.stable) return null;
  const send = (reason: string, key: string) =>
    ask(
      api.POST('/v1/projects/{project}/rollback', {
        params: { path: { project: project.id } },
        headers: { 'Idempotency-Key': key },
        body: { version: version!, reason },
      }),
    );
  return (
    <>
      <CommandButton action="RollBack" variant="default" leftSection={<Icon name="back" size={16} />} onClick={() => setOpened(true)}>
        Roll back
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title="Roll back"
        later="soon"
        confirm={`Roll back to ${version}`}
        danger
        reasonRequired
        send={send}
        ready={version !== null}
        consequence={
          <>
            Production goes from <b>{project.stable.version}</b> back to <b>{version}</b>. A version that is still kept needs no build.
          </>
        }
        done={`Rolling back to ${version}.`}
      >
        <Select
          label="Version"
          value={version}
          onChange={setChosen}
          allowDeselect={false}
          comboboxProps={{ withinPortal: true }}
          data={targets}
        />
      </CommandDialog>
    </>
  );
}
