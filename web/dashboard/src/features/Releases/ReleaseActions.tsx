import { useState } from 'react';
import { api, ask } from '../../api/client.ts';
import type { ReleaseView } from '../../api/types.ts';
import { Icon } from '../../app/Icon.tsx';
import { CommandButton } from '../Identity/CommandButton.tsx';
import { actions, allowedActions, commandOf, permissionOf, type Action } from './actions.ts';
import { CommandDialog } from '../../app/CommandDialog.tsx';
import css from './ReleaseActions.module.css';

export function sendAction(release: ReleaseView, action: Action, reason: string, idempotencyKey: string) {
  if (action.name === 'overrideFreeze')
    return ask(
      api.POST('/v1/projects/{project}/releases/{number}/override-freeze', {
        params: { path: { project: release.project, number: release.number } },
        headers: { 'Idempotency-Key': idempotencyKey },
        body: { reason, minutes: 60 },
      }),
    );
  const { verb, full = false } = commandOf(action.name);
  return ask(
    api.POST('/v1/projects/{project}/releases/{number}/{verb}', {
      params: { path: { project: release.project, number: release.number, verb } },
      headers: { 'Idempotency-Key': idempotencyKey },
      body: { reason, full },
    }),
  );
}

const variants = { primary: 'filled', plain: 'default', danger: 'outline' } as const;

/** What a person may do to this release now, as the server says. The row keeps its height when nothing may be done. */
export function ReleaseActions({ release }: { release: ReleaseView }) {
  const [asked, setAsked] = useState<Action>(actions.pause);
  const [opened, setOpened] = useState(false);
  return (
    <div className={css.row} role="group" aria-label={`Actions on ${release.version}`}>
      {allowedActions(release).map((action) => (
        <CommandButton
          key={action.name}
          action={permissionOf[action.name]}
          variant={variants[action.tone]}
          color={action.tone === 'danger' ? 'danger' : 'accent'}
          className={action.tone === 'danger' ? css.danger : undefined}
          leftSection={<Icon name={action.icon} size={16} />}
          onClick={() => {
            setAsked(action);
            setOpened(true);
          }}
        >
          {action.label}
        </CommandButton>
      ))}
      {/* Mounted before it opens: only then does it know where the focus came from and give it back. */}
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title={`${asked.label} ${release.version}`}
        consequence={asked.consequence(release)}
        confirm={asked.label}
        danger={asked.tone === 'danger'}
        reasonRequired={asked.reasonRequired}
        later="soon"
        send={(reason, key) => sendAction(release, asked, reason, key)}
      />
    </div>
  );
}
