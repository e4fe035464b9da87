import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../../api/client.ts';
import type { JobRow } from '../../api/types.ts';
import { Icon } from '../../app/Icon.tsx';
import { CommandButton } from '../Identity/CommandButton.tsx';
import { CommandDialog } from '../Releases/CommandDialog.tsx';

/** A failed job can be tried again; a dead letter can be replayed from the start. */
export function JobCommands({ job, compact }: { job: JobRow; compact?: boolean }) {
  const [opened, setOpened] = useState(false);
  const client = useQueryClient();
  const dead = /dead/i.test(job.state);
  if (!dead && !/fail|retry|wait|backoff/i.test(job.state)) return null;
  const verb = dead ? 'replay' : 'retry';
  const label = dead ? 'Replay' : 'Retry';
  const send = async (_: string, key: string) => {
    await ask(api.POST('/v1/operations/jobs/{id}/{verb}', { params: { path: { id: job.id, verb } }, headers: { 'Idempotency-Key': key } }));
    void client.invalidateQueries({ queryKey: ['jobs'] });
    void client.invalidateQueries({ queryKey: ['job', job.id] });
  };
  return (
    <>
      <CommandButton
        action={dead ? 'ReplayJob' : 'RetryJob'}
        size={compact ? 'compact-sm' : 'sm'}
        variant="default"
        leftSection={<Icon name="retry" size={14} />}
        onClick={() => setOpened(true)}
        aria-label={`${label} ${job.kind}`}
      >
        {label}
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title={`${label} ${job.kind}`}
        later="soon"
        confirm={label}
        withReason={false}
        send={send}
        consequence={
          dead
            ? 'The job starts over with all its attempts. Its outcome is told to its owner as if it had never died.'
            : 'The job does not wait for its next attempt but starts now.'
        }
      />
    </>
  );
}
