import { Checkbox, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import type { SecretKind, SecretView } from '../../api/types.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { NameInput } from '../../app/NameInput.tsx';
import ui from '../../app/ui.module.css';
import { useDraft } from '../../app/useDraft.ts';
import {
  checkSecret,
  emptyDraft,
  isWhole,
  removeSecret,
  restoreSecret,
  revokeSecret,
  rotateSecret,
  scheduleSecret,
  secretName,
  setSecret,
  type SecretDraft,
} from './secrets.ts';
import { commandsOf, hours, kinds, type SecretCommand } from './secretState.ts';

const changes = ['secrets'];
const fromNextStart = 'Copies that run keep what they were started with; each is given the new version when it is started next.';

const meanings: Record<SecretKind, string> = {
  value: 'It comes from outside. The version before is forgotten a day after a new one is set.',
  postgresPassword:
    'The whole address of the environment’s database. ProdSprint makes the role and its password; the environment needs applied infrastructure.',
  apiKey: 'ProdSprint asks the provider for a key, tries it, and has the one before revoked.',
};

/** Goes in by the keyboard or the clipboard, and is shown to nobody: neither now nor later. */
function ValueInput({ field }: { field: ReturnType<typeof useDraft<SecretDraft>>['field'] }) {
  return (
    <TextInput
      label="Value"
      description="Sealed as it comes in, and never shown again. Of several lines: prodsprint secrets set NAME --file PATH"
      required
      maxLength={16_384}
      {...field('value')}
      type="password"
      autoComplete="new-password"
      data-autofocus
    />
  );
}

export function SetSecret({ project }: { project: string }) {
  const { draft, set, field, begin } = useDraft(emptyDraft);
  const name = draft.name.trim();
  return (
    <CommandWithDialog
      action="SetSecret"
      label="Set a secret"
      icon="plus"
      variant="default"
      begin={begin}
      confirm="Set"
      later="never"
      ready={isWhole(draft)}
      done={`${name} is set.`}
      consequence={meanings[draft.kind]}
      changes={changes}
      send={(reason) => setSecret({ project, environment: draft.environment, name }, draft, reason)}
    >
      <div className={ui.choice}>
        <span id="secret-environment">Environment</span>
        <SegmentedControl
          size="xs"
          aria-labelledby="secret-environment"
          value={draft.environment}
          onChange={(environment) => set('environment', environment)}
          data={[
            { value: 'production', label: 'Production' },
            { value: 'staging', label: 'Staging' },
          ]}
        />
      </div>
      <NativeSelect
        label="Kind"
        data={Object.entries(kinds).map(([value, label]) => ({ value, label }))}
        value={draft.kind}
        onChange={(e) => set('kind', e.currentTarget.value as SecretKind)}
      />
      <NameInput
        label="Name"
        description="Of the variable that services are given"
        placeholder={draft.kind === 'postgresPassword' ? 'DATABASE_URL' : 'PAYMENT_TOKEN'}
        shape={secretName}
        hint="Capitals, digits and _, not beginning with a digit."
        {...field('name')}
      />
      {draft.kind === 'value' && <ValueInput field={field} />}
      {draft.kind === 'apiKey' && (
        <>
          <TextInput label="Make a key at" description="POST" placeholder="https://api.example.com/keys" required {...field('create')} />
          <TextInput
            label="Try a key at"
            description="GET with the key as bearer"
            placeholder="https://api.example.com/me"
            required
            {...field('verify')}
          />
          <TextInput
            label="Revoke a key at"
            description="DELETE; {id} is the key’s"
            placeholder="https://api.example.com/keys/{id}"
            required
            {...field('revoke')}
          />
          <TextInput
            label="Asked with"
            description="The secret whose value makes and revokes keys; may be left empty"
            placeholder="PROVIDER_TOKEN"
            {...field('credential')}
          />
        </>
      )}
    </CommandWithDialog>
  );
}

function NewVersion({ secret }: { secret: SecretView }) {
  const { draft, field, begin } = useDraft(emptyDraft);
  return (
    <CommandWithDialog
      action="SetSecret"
      label="Set a new value"
      icon="plus"
      inRow
      begin={begin}
      title={`Set a new value of ${secret.name}`}
      confirm="Set"
      later="never"
      ready={draft.value !== ''}
      done={`${secret.name} has a new value.`}
      consequence={`It is current at once. ${fromNextStart} The version before is forgotten after ${hours(secret.overlapHours)}.`}
      changes={changes}
      send={(reason) => setSecret(secret, { ...draft, kind: 'value' }, reason)}
    >
      <ValueInput field={field} />
    </CommandWithDialog>
  );
}

function Overlap({ value, onChange }: { value: string; onChange: (hours: string) => void }) {
  const known = ['0', '24', '72', '168'];
  return (
    <NativeSelect
      label="The version before goes on working for"
      data={[...known, ...(known.includes(value) ? [] : [value])].map((one) => ({ value: one, label: hours(Number(one)) }))}
      value={value}
      onChange={(e) => onChange(e.currentTarget.value)}
    />
  );
}

function Rotate({ secret }: { secret: SecretView }) {
  const { draft, set, begin } = useDraft({ overlap: String(secret.overlapHours) });
  return (
    <CommandWithDialog
      action="RotateSecret"
      label="Rotate"
      icon="retry"
      inRow
      begin={() => begin({ overlap: String(secret.overlapHours) })}
      title={`Rotate ${secret.name}`}
      done={`A new version of ${secret.name} is being made.`}
      consequence={`A new version is let in beside the current one and tried; only then it is current. If that fails it is taken away again. ${fromNextStart}`}
      changes={changes}
      send={(reason, key) => rotateSecret(secret, Number(draft.overlap), reason, key)}
    >
      <Overlap value={draft.overlap} onChange={(overlap) => set('overlap', overlap)} />
    </CommandWithDialog>
  );
}

const everyDays = ['', '7', '30', '60', '90', '180', '365'];

function Schedule({ secret }: { secret: SecretView }) {
  const now = { every: String(secret.everyDays ?? ''), overlap: String(secret.overlapHours) };
  const { draft, set, field, begin } = useDraft(now);
  return (
    <CommandWithDialog
      action="ScheduleSecret"
      label="Schedule"
      icon="clock"
      inRow
      begin={() => begin(now)}
      title={`Schedule of ${secret.name}`}
      confirm="Set the schedule"
      done={`${secret.name} has a new schedule.`}
      consequence="From the day its current version became so. While two versions work it waits; after a rotation that failed it tries again 6 hours later."
      changes={changes}
      send={(reason, key) => scheduleSecret(secret, draft.every === '' ? null : Number(draft.every), Number(draft.overlap), reason, key)}
    >
      <NativeSelect
        label="Rotate it"
        data={[...everyDays, ...(everyDays.includes(now.every) ? [] : [now.every])].map((value) => ({
          value,
          label: value === '' ? 'only when somebody asks' : `every ${value} days`,
        }))}
        {...field('every')}
      />
      <Overlap value={draft.overlap} onChange={(overlap) => set('overlap', overlap)} />
    </CommandWithDialog>
  );
}

function Check({ secret }: { secret: SecretView }) {
  return (
    <CommandWithDialog
      action="CheckSecret"
      label="Check"
      icon="search"
      inRow
      title={`Check ${secret.name}`}
      later="soon"
      withReason={false}
      done="It is being looked at."
      consequence="The current version signs in, now instead of within the hour. Nothing is changed."
      changes={changes}
      send={(_, key) => checkSecret(secret, key)}
    />
  );
}

function Restore({ secret }: { secret: SecretView }) {
  return (
    <CommandWithDialog
      action="RestoreSecret"
      label="Restore the one before"
      icon="back"
      inRow
      title={`Restore the version before of ${secret.name}`}
      confirm="Restore"
      reasonRequired
      done="The version before is current again."
      consequence={`The version before is current again, and the one that is current now goes on working for ${hours(secret.overlapHours)}. ${fromNextStart}`}
      changes={changes}
      send={(reason, key) => restoreSecret(secret, reason, key)}
    />
  );
}

function Revoke({ secret }: { secret: SecretView }) {
  return (
    <CommandWithDialog
      action="RevokeSecret"
      label="Revoke the one before"
      icon="stop"
      inRow
      title={`Revoke the version before of ${secret.name}`}
      confirm="Revoke"
      danger
      reasonRequired
      later="never"
      done="The version before is being ended."
      consequence="It ends now, whoever uses it: copies that were started with it are not let in any more. By itself it would end when its time is over and nothing uses it."
      changes={changes}
      send={(reason, key) => revokeSecret(secret, reason, key)}
    />
  );
}

function Remove({ secret }: { secret: SecretView }) {
  const { draft, set, begin } = useDraft({ force: false });
  return (
    <CommandWithDialog
      action="RemoveSecret"
      label="Remove"
      icon="cross"
      inRow
      begin={() => begin({ force: false })}
      title={`Remove ${secret.name}`}
      confirm="Remove"
      danger
      reasonRequired
      later="never"
      done="It is being removed, unless something holds it."
      consequence="It is given to nobody any more, ended at its provider, and its values are deleted; nothing brings them back. What it was stays in the timeline, and its name may be set anew."
      changes={changes}
      send={(reason, key) => removeSecret(secret, draft.force, reason, key)}
    >
      <Checkbox
        label="Also when something runs with it, which is then not let in any more"
        checked={draft.force}
        onChange={(e) => set('force', e.currentTarget.checked)}
      />
    </CommandWithDialog>
  );
}

const buttons: Record<SecretCommand, (props: { secret: SecretView }) => React.ReactNode> = {
  set: NewVersion,
  rotate: Rotate,
  check: Check,
  schedule: Schedule,
  restore: Restore,
  revoke: Revoke,
  remove: Remove,
};

/** What makes sense to ask of a secret as it is. */
export function SecretCommands({ secret }: { secret: SecretView }) {
  return (
    <span className={ui.row}>
      {commandsOf(secret).map((one) => {
        const Button = buttons[one];
        return <Button key={one} secret={secret} />;
      })}
    </span>
  );
}
