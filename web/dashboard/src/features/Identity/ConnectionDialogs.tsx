import { SegmentedControl, Select, TextInput } from '@mantine/core';
import type { ConnectionView, SamlSigned } from '../../api/types.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { fullTime } from '../../app/format.ts';
import { useDraft } from '../../app/useDraft.ts';
import {
  bodyOf,
  createConnection,
  emptyDraft,
  isWhole,
  makeScimToken,
  removeConnection,
  revokeScimToken,
  signedChoices,
  stateDomain,
  type Draft,
} from './connections.ts';

const changes = ['connections'];

export function AddConnection() {
  const { draft, set, field, begin } = useDraft<Draft>(emptyDraft);
  return (
    <CommandWithDialog
      action="CreateConnection"
      label="Add a connection"
      icon="plus"
      begin={begin}
      confirm="Add"
      later="never"
      ready={isWhole(draft)}
      done={`${draft.name.trim()} is connected. Test it before you tell anybody.`}
      consequence="People of your organisation sign in there. Who comes for the first time becomes a Viewer; what their groups become is set afterwards. The redirect address that the provider asks for is shown with the connection; client id and secret can be changed then."
      changes={changes}
      send={(reason, key) => createConnection(bodyOf(draft, reason), key)}
    >
      <SegmentedControl
        aria-label="Protocol"
        value={draft.kind}
        onChange={(kind) => set('kind', kind as Draft['kind'])}
        data={[
          { value: 'oidc', label: 'OpenID Connect' },
          { value: 'saml', label: 'SAML 2.0' },
        ]}
      />
      <TextInput label="Name" description="As people see it: Acme" required data-autofocus {...field('name')} />
      {draft.kind === 'oidc' ? (
        <>
          <TextInput label="Issuer" placeholder="https://login.example.com" required {...field('issuer')} />
          <TextInput label="Client id" required {...field('clientId')} />
          <TextInput
            label="Client secret"
            type="password"
            description="Stored encrypted, and not shown again"
            required
            {...field('clientSecret')}
          />
        </>
      ) : (
        <>
          <TextInput
            label="Address of the provider’s metadata"
            placeholder="https://login.example.com/metadata"
            required
            {...field('metadataUrl')}
          />
          <Select
            label="What the provider signs"
            description="Whatever else comes is refused"
            value={draft.signed}
            onChange={(value) => set('signed', value as SamlSigned)}
            allowDeselect={false}
            comboboxProps={{ withinPortal: true }}
            data={signedChoices}
          />
        </>
      )}
    </CommandWithDialog>
  );
}

export function AddDomain({ connection }: { connection: ConnectionView }) {
  const { draft, field, begin } = useDraft({ domain: '' });
  const domain = draft.domain.trim();
  return (
    <CommandWithDialog
      action="StateDomain"
      label="Add a domain"
      spoken={`Add a domain to ${connection.name}`}
      inRow
      begin={begin}
      title="Add a domain"
      confirm="State it"
      reasonRequired
      ready={domain !== ''}
      done={`${domain} is stated for ${connection.name}.`}
      consequence="You state that the domain is your organisation’s own. Once it is proven, whoever has an address there is led to this connection. The statement stays in the audit log, with your name."
      changes={changes}
      send={(reason, key) => stateDomain(connection.id, domain, reason, key)}
    >
      <TextInput label="Domain" placeholder="example.com" required data-autofocus {...field('domain')} />
    </CommandWithDialog>
  );
}

export function ScimToken({ connection }: { connection: ConnectionView }) {
  const label = connection.scim ? 'New directory token' : 'Connect the directory';
  return (
    <CommandWithDialog
      action="MakeScimToken"
      label={label}
      spoken={`${label} of ${connection.name}`}
      inRow
      title="A token for the directory"
      confirm="Make the token"
      withReason={false}
      done="Token made."
      consequence="With it your directory keeps users and groups here up to date by SCIM 2.0, for a year. A token made before stops working."
      changes={changes}
      send={() => makeScimToken(connection.id)}
      shownOnce={(made) => ({
        title: 'The directory’s token',
        secret: made.secret,
        intro: 'Enter it in your directory.',
        note: (
          <>
            SCIM address: <code>{made.base}</code>. Good until {fullTime(Date.parse(made.expires))}.
          </>
        ),
      })}
    />
  );
}

export function DisconnectDirectory({ connection }: { connection: ConnectionView }) {
  return (
    <CommandWithDialog
      action="RevokeScimToken"
      label="Disconnect"
      spoken={`Disconnect the directory of ${connection.name}`}
      inRow
      danger
      withReason={false}
      done="The directory comes no more."
      consequence="Its token stops working. Members stay what they are, and nobody keeps them up to date but you."
      changes={changes}
      send={(_, key) => revokeScimToken(connection.id, key)}
    />
  );
}

export function RemoveConnection({ connection }: { connection: ConnectionView }) {
  return (
    <CommandWithDialog
      action="RemoveConnection"
      label="Remove"
      spoken={`Remove ${connection.name}`}
      inRow
      danger
      withReason={false}
      done={`${connection.name} is removed.`}
      consequence="Members stay members, and cannot sign in by it any more. Make sure that you have another way in yourself."
      changes={changes}
      send={(_, key) => removeConnection(connection.id, key)}
    />
  );
}
