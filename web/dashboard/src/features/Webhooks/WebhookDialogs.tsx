import { SegmentedControl, Switch, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { WebhookMade, WebhookView } from '../../api/types.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import ui from '../../app/ui.module.css';
import { useDraft } from '../../app/useDraft.ts';
import {
  createWebhook,
  draftOf,
  emptyDraft,
  faultsOf,
  removeWebhook,
  rotateSecret,
  setWebhook,
  testWebhook,
  type Draft,
} from './webhooks.ts';

function Fields({ form: { draft, field } }: { form: Pick<ReturnType<typeof useDraft<Draft>>, 'draft' | 'field'> }) {
  const faults = faultsOf(draft);
  return (
    <>
      <TextInput
        label="Address"
        placeholder="https://hooks.example.com/prodsprint"
        required
        error={draft.url !== '' ? faults.url : null}
        data-autofocus
        {...field('url')}
      />
      <TextInput
        label="Events"
        description="Kinds as the timeline names them, by comma; left empty: everything"
        placeholder="release.*, plan.approved"
        error={faults.events}
        {...field('events')}
      />
    </>
  );
}

const isWhole = (draft: Draft) => Object.keys(faultsOf(draft)).length === 0;

/** The receiver tells ours from anybody's by it, so the server has to keep it. */
const secretOf = ({ secret }: WebhookMade) => ({
  title: 'The webhook’s secret',
  secret,
  intro: 'Give it to the receiver, which checks the signature of each event with it.',
  kept: 'ProdSprint keeps it encrypted.',
  note: 'Signed as Standard Webhooks has it: their libraries verify it.',
});

export function AddWebhook() {
  const { begin, ...form } = useDraft(emptyDraft);
  return (
    <CommandWithDialog
      action="CreateWebhook"
      label="Add a webhook"
      icon="plus"
      variant="default"
      begin={begin}
      confirm="Add"
      ready={isWhole(form.draft)}
      done="Webhook added."
      consequence="From now on each event of this workspace is sent there, once, signed. What is not taken is tried again for about half an hour."
      changes={['webhooks']}
      send={(reason) => createWebhook(form.draft, reason)}
      shownOnce={secretOf}
    >
      <Fields form={form} />
    </CommandWithDialog>
  );
}

export function ChangeWebhook({ webhook }: { webhook: WebhookView }) {
  const { begin, ...form } = useDraft(draftOf(webhook));
  return (
    <CommandWithDialog
      action="SetWebhook"
      label="Change"
      inRow
      begin={begin}
      title="Change the webhook"
      ready={isWhole(form.draft)}
      done="Webhook changed."
      consequence="It counts for the next event. What happens while it sends nothing is not sent later."
      changes={['webhooks']}
      send={(reason, key) => setWebhook(webhook, form.draft, reason, key)}
    >
      <Fields form={form} />
      <Switch label="Send nothing for now" checked={form.draft.paused} onChange={(e) => form.set('paused', e.currentTarget.checked)} />
    </CommandWithDialog>
  );
}

export function TestWebhook({ webhook }: { webhook: WebhookView }) {
  return (
    <CommandWithDialog
      action="TestWebhook"
      label="Send a test"
      icon="play"
      inRow
      confirm="Send"
      later="soon"
      withReason={false}
      done="Sent. What came of it stands among the deliveries."
      consequence="One event of the kind webhook.test goes out, signed like every other."
      changes={['deliveries']}
      send={(_, key) => testWebhook(webhook.id, key)}
    />
  );
}

export function RotateSecret({ webhook }: { webhook: WebhookView }) {
  const { draft, set, begin } = useDraft({ hours: '24' });
  return (
    <CommandWithDialog
      action="RotateWebhookSecret"
      label="New secret"
      inRow
      begin={begin}
      confirm="Make it"
      done="New secret made."
      consequence="Give the receiver the new one while both sign; after that the one before is worth nothing."
      changes={['webhooks']}
      send={(reason) => rotateSecret(webhook.id, Number(draft.hours), reason)}
      shownOnce={secretOf}
    >
      <div className={ui.choice}>
        <span id="both-sign">Both sign for</span>
        <SegmentedControl
          size="xs"
          aria-labelledby="both-sign"
          value={draft.hours}
          onChange={(hours) => set('hours', hours)}
          data={[
            { value: '0', label: 'no time' },
            { value: '24', label: '1 day' },
            { value: '168', label: '7 days' },
          ]}
        />
      </div>
    </CommandWithDialog>
  );
}

export function RemoveWebhook({ webhook }: { webhook: WebhookView }) {
  const navigate = useNavigate();
  return (
    <CommandWithDialog
      action="RemoveWebhook"
      label="Remove"
      inRow
      title="Remove the webhook"
      danger
      withReason={false}
      done="Webhook removed."
      consequence="Nothing is sent there any more, and what is on its way is given up. To stop for a while, change it instead."
      changes={['webhooks']}
      send={async (_, key) => {
        await removeWebhook(webhook.id, key);
        await navigate({ to: '/administration/webhooks' });
      }}
    />
  );
}
