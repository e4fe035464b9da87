import { api, ask } from '../../api/client.ts';
import type { JobRow } from '../../api/types.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';

/** A failed job can be tried again; a dead letter can be replayed from the start. */
export function JobCommands({ job, inRow }: { job: JobRow; inRow?: boolean }) {
  const dead = /dead/i.test(job.state);
  if (!dead && !/fail|retry|wait|backoff/i.test(job.state)) return null;
  const verb = dead ? 'replay' : 'retry';
  const label = dead ? 'Replay' : 'Retry';
  return (
    <CommandWithDialog
      action={dead ? 'ReplayJob' : 'RetryJob'}
      label={label}
      spoken={`${label} ${job.kind}`}
      icon="retry"
      variant="default"
      inRow={inRow}
      later="soon"
      withReason={false}
      consequence={
        dead
          ? 'The job starts over with all its attempts. Its outcome is told to its owner as if it had never died.'
          : 'The job does not wait for its next attempt but starts now.'
      }
      changes={['jobs', 'job']}
      send={(_, key) =>
        ask(api.POST('/v1/operations/jobs/{id}/{verb}', { params: { path: { id: job.id, verb } }, headers: { 'Idempotency-Key': key } }))
      }
    />
  );
}
