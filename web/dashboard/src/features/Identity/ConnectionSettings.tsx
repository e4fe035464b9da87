import { Select, Switch, TextInput } from '@mantine/core';
import type { ConnectionView, SamlSigned } from '../../api/types.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { useDraft } from '../../app/useDraft.ts';
import { RoleChoice } from '../Tenants/RoleChoice.tsx';
import { canChange, changeConnection, settingsOf, signedChoices, type Settings } from './connections.ts';

/** How the provider is spoken to, and what becomes of who comes from there. Domains, groups and the directory have commands of their own. */
export function EditConnection({ connection }: { connection: ConnectionView }) {
  const { draft, set, field, begin } = useDraft<Settings>(settingsOf(connection));
  return (
    <CommandWithDialog
      action="ChangeConnection"
      label="Edit"
      spoken={`Edit ${connection.name}`}
      inRow
      begin={begin}
      confirm="Save"
      later="never"
      ready={canChange(connection, draft)}
      done={`${draft.name.trim()} is changed. Test it.`}
      consequence="It counts from the next sign-in on. Who is signed in stays so."
      changes={['connections']}
      send={(reason, key) => changeConnection(connection, draft, reason, key)}
    >
      <TextInput label="Name" description="As people see it" required data-autofocus {...field('name')} />
      <Switch label="People may sign in by it" checked={draft.enabled} onChange={(e) => set('enabled', e.currentTarget.checked)} />
      {connection.kind === 'oidc' ? (
        <>
          <TextInput label="Issuer" required {...field('issuer')} />
          <TextInput label="Client id" required {...field('clientId')} />
          <TextInput
            label="Client secret"
            type="password"
            description="Left empty: it stays as it is"
            placeholder={connection.hasSecret ? 'kept, and not shown' : undefined}
            {...field('clientSecret')}
          />
          <TextInput label="Scopes" description="Apart by spaces; add what makes the provider send groups" {...field('scopes')} />
        </>
      ) : (
        <>
          <TextInput
            label="Address of the provider’s metadata"
            description="Read once, when you save. Left empty: names and certificates stay as they are"
            placeholder="https://login.example.com/metadata"
            {...field('metadataUrl')}
          />
          <Select
            label="What has to be signed"
            value={draft.signed}
            onChange={(value) => set('signed', value as SamlSigned)}
            allowDeselect={false}
            comboboxProps={{ withinPortal: true }}
            data={signedChoices}
          />
        </>
      )}
      <Switch
        label="Whoever the provider vouches for becomes a member"
        description="Else only those whom the directory has made"
        checked={draft.justInTime}
        onChange={(e) => set('justInTime', e.currentTarget.checked)}
      />
      {draft.groups.length === 0 && <RoleChoice value={draft.defaultRoles} onChange={(value) => set('defaultRoles', value)} />}
    </CommandWithDialog>
  );
}
