import { SegmentedControl, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ConnectionView, ScimTokenMade } from '../../api/types.ts';
import { Icon } from '../../app/Icon.tsx';
import { ShownOnce } from '../../app/ShownOnce.tsx';
import { CommandDialog } from '../Releases/CommandDialog.tsx';
import { CommandButton } from './CommandButton.tsx';
import { bodyOf, createConnection, emptyDraft, isWhole, makeScimToken, removeConnection, stateDomain, type Draft } from './connections.ts';

function useChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['connections'] });
}

export function AddConnection() {
  const [opened, setOpened] = useState(false);
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const changed = useChanged();
  const field = (name: keyof Draft) => ({
    required: true,
    value: draft[name],
    onChange: (e: { currentTarget: { value: string } }) => {
      const value = e.currentTarget.value;
      setDraft((d) => ({ ...d, [name]: value }));
    },
    autoComplete: 'off',
    spellCheck: false,
  });
  return (
    <>
      <CommandButton
        action="CreateConnection"
        leftSection={<Icon name="plus" size={16} />}
        onClick={() => {
          setDraft(emptyDraft);
          setOpened(true);
        }}
      >
        Add a connection
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title="Add a connection"
        confirm="Add"
        later="never"
        ready={isWhole(draft)}
        done={`${draft.name.trim()} is connected. Test it before you tell anybody.`}
        consequence="People of your organisation sign in there. Who comes for the first time becomes a Viewer; what groups become is set by command line or API."
        send={async (reason, key) => {
          await createConnection(bodyOf(draft, reason), key);
          await changed();
        }}
      >
        <SegmentedControl
          aria-label="Protocol"
          value={draft.kind}
          onChange={(kind) => setDraft((d) => ({ ...d, kind: kind as Draft['kind'] }))}
          data={[
            { value: 'oidc', label: 'OpenID Connect' },
            { value: 'saml', label: 'SAML 2.0' },
          ]}
        />
        <TextInput label="Name" description="As people see it: Acme" data-autofocus {...field('name')} />
        {draft.kind === 'oidc' ? (
          <>
            <TextInput label="Issuer" placeholder="https://login.example.com" {...field('issuer')} />
            <TextInput label="Client id" {...field('clientId')} />
            <TextInput
              label="Client secret"
              type="password"
              description="Stored encrypted, and not shown again"
              {...field('clientSecret')}
            />
          </>
        ) : (
          <TextInput
            label="Address of the provider’s metadata"
            placeholder="https://login.example.com/metadata"
            {...field('metadataUrl')}
          />
        )}
      </CommandDialog>
    </>
  );
}

export function AddDomain({ connection }: { connection: ConnectionView }) {
  const [opened, setOpened] = useState(false);
  const [domain, setDomain] = useState('');
  const changed = useChanged();
  return (
    <>
      <CommandButton
        action="StateDomain"
        size="compact-sm"
        variant="default"
        onClick={() => {
          setDomain('');
          setOpened(true);
        }}
        aria-label={`Add a domain to ${connection.name}`}
      >
        Add a domain
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title="Add a domain"
        confirm="State it"
        reasonRequired
        ready={domain.trim() !== ''}
        done={`${domain.trim()} leads to ${connection.name}.`}
        consequence="You state that the domain is your organisation’s own. Whoever has an address there is led to this connection. The statement stays in the audit log, with your name."
        send={async (reason, key) => {
          await stateDomain(connection.id, domain.trim(), reason, key);
          await changed();
        }}
      >
        <TextInput
          label="Domain"
          placeholder="example.com"
          required
          value={domain}
          onChange={(e) => setDomain(e.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
      </CommandDialog>
    </>
  );
}

export function ScimToken({ connection }: { connection: ConnectionView }) {
  const [opened, setOpened] = useState(false);
  const [made, setMade] = useState<ScimTokenMade | null>(null);
  const label = connection.scim ? 'New directory token' : 'Connect the directory';
  const changed = useChanged();
  return (
    <>
      <CommandButton
        action="MakeScimToken"
        size="compact-sm"
        variant="default"
        onClick={() => setOpened(true)}
        aria-label={`${label} of ${connection.name}`}
      >
        {label}
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title="A token for the directory"
        confirm="Make the token"
        later="never"
        withReason={false}
        done="Token made."
        consequence="With it your directory keeps users and groups here up to date by SCIM 2.0. A token made before stops working."
        send={async (_, key) => {
          setMade(await makeScimToken(connection.id, key));
          await changed();
        }}
      />
      <ShownOnce
        title="The directory’s token"
        secret={made?.secret ?? null}
        close={() => setMade(null)}
        intro="Enter it in your directory."
      >
        {made && (
          <>
            SCIM address: <code>{made.base}</code>
          </>
        )}
      </ShownOnce>
    </>
  );
}

export function RemoveConnection({ connection }: { connection: ConnectionView }) {
  const [opened, setOpened] = useState(false);
  const changed = useChanged();
  return (
    <>
      <CommandButton
        action="RemoveConnection"
        size="compact-sm"
        variant="default"
        onClick={() => setOpened(true)}
        aria-label={`Remove ${connection.name}`}
      >
        Remove
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title={`Remove ${connection.name}`}
        confirm="Remove"
        danger
        withReason={false}
        done={`${connection.name} is removed.`}
        consequence="Members stay members, and cannot sign in by it any more. Make sure that you have another way in yourself."
        send={async (_, key) => {
          await removeConnection(connection.id, key);
          await changed();
        }}
      />
    </>
  );
}
