import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, ask } from '../../api/client.ts';
import type { ReleaseView } from '../../api/types.ts';
import { Icon } from '../../app/Icon.tsx';
import { CommandButton } from '../Identity/CommandButton.tsx';
import { who } from '../../app/format.ts';
import { useDraft } from '../../app/useDraft.ts';
import { actions, allowedActions, commandOf, confirmOverride, permissionOf, type Action } from './actions.ts';
import { CommandDialog } from '../../app/CommandDialog.tsx';
import { mostMinutes } from './freezeOverride.ts';
import { useFreezeOverride } from './FreezeOverrideNote.tsx';
import css from './ReleaseActions.module.css';

export function sendAction(release: ReleaseView, action: Action, reason: string, idempotencyKey: string, minutes = 60) {
  if (action.name === 'overrideFreeze')
    return ask(
      api.POST('/v1/projects/{project}/releases/{number}/override-freeze', {
        params: { path: { project: release.project, number: release.number } },
        headers: { 'Idempotency-Key': idempotencyKey },
        body: { reason, minutes },
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
  const { draft, field, begin } = useDraft({ minutes: '60' });
  const override = useFreezeOverride(release);
  const askedFor = override && !override.confirmedBy ? override : null;
  const minutes = Number(draft.minutes);
  const choosesTime = asked.name === 'overrideFreeze' && !askedFor;
  const shown = allowedActions(release).map((a) => (a.name === 'overrideFreeze' && askedFor ? confirmOverride(who(askedFor.askedBy)) : a));
  return (
    <div className={css.row} role="group" aria-label={`Actions on ${release.version}`}>
      {shown.map((action) => (
        <CommandButton
          key={action.name}
          action={permissionOf[action.name]}
          variant={variants[action.tone]}
          color={action.tone === 'danger' ? 'danger' : 'accent'}
          className={action.tone === 'danger' ? css.danger : undefined}
          leftSection={<Icon name={action.icon} size={16} />}
          onClick={() => {
            begin();
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
        ready={!choosesTime || (Number.isInteger(minutes) && minutes >= 1 && minutes <= mostMinutes)}
        send={(reason, key) => sendAction(release, asked, reason, key, minutes)}
      >
        {choosesTime && (
          <TextInput
            type="number"
            label="Minutes"
            description={`From its confirmation, ${mostMinutes} at most`}
            required
            min={1}
            max={mostMinutes}
            {...field('minutes')}
          />
        )}
      </CommandDialog>
    </div>
  );
}
