import { TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PasskeyRow } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Icon } from '../../app/Icon.tsx';
import { Asked } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { CommandDialog } from '../Releases/CommandDialog.tsx';
import { CommandButton } from './CommandButton.tsx';
import { addPasskey, canPasskey, passkeysQuery, removePasskey } from './secondFactor.ts';

function useChanged() {
  const client = useQueryClient();
  return () => Promise.all([['passkeys'], ['second-factor']].map((queryKey) => client.invalidateQueries({ queryKey })));
}

function Add() {
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const changed = useChanged();
  return (
    <>
      <CommandButton
        action="AddPasskey"
        variant="default"
        leftSection={<Icon name="plus" size={16} />}
        onClick={() => {
          setName('');
          setOpened(true);
        }}
      >
        Add a passkey
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title="Add a passkey"
        confirm="Go on"
        later="never"
        withReason={false}
        ready={name.trim() !== '' && canPasskey()}
        done={`${name.trim()} is a passkey of yours.`}
        consequence={
          canPasskey()
            ? 'Your browser asks for your fingerprint, face or PIN, and keeps a key. With it you sign in here without anything else.'
            : 'This browser makes no passkeys here: they need https, or this machine itself.'
        }
        send={async () => {
          await addPasskey(name.trim());
          await changed();
        }}
      >
        <TextInput
          label="Which device it is"
          placeholder="Laptop"
          required
          maxLength={60}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
      </CommandDialog>
    </>
  );
}

function Remove({ passkey }: { passkey: PasskeyRow }) {
  const [opened, setOpened] = useState(false);
  const changed = useChanged();
  return (
    <>
      <CommandButton
        action="RemovePasskey"
        size="compact-sm"
        variant="default"
        aria-label={`Remove ${passkey.name}`}
        onClick={() => setOpened(true)}
      >
        Remove
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title={`Remove ${passkey.name}`}
        confirm="Remove"
        danger
        withReason={false}
        done="Passkey removed."
        consequence="It lets nobody in any more. The device may still offer it: remove it there too."
        send={async (_, key) => {
          await removePasskey(passkey.id, key);
          await changed();
        }}
      />
    </>
  );
}

export function PasskeysCard() {
  return (
    <section className={ui.card} aria-label="Passkeys">
      <div className={ui.cardHead}>
        <h2>Passkeys</h2>
        <Add />
      </div>
      <Asked
        query={useQuery(passkeysQuery)}
        what="your passkeys"
        rows={1}
        empty={<p className="muted">None. A passkey is a sign-in and a second factor in one, and cannot be phished.</p>}
      >
        {(list) => (
          <div className={ui.scroll} tabIndex={0} role="region" aria-label="List of passkeys">
            <table className={ui.table}>
              <thead>
                <tr>
                  <th scope="col">Device</th>
                  <th scope="col">Last used</th>
                  <th scope="col" className={ui.wide}>
                    Made
                  </th>
                  <th scope="col">
                    <span className="sr-only">Commands</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {list.map((p) => (
                  <tr key={p.id}>
                    <td>
                      {p.name} {p.backedUp && <span className={`${ui.small} muted`}>synced between devices</span>}
                    </td>
                    <td>{p.usedAt ? <Ago at={p.usedAt} /> : <span className="muted">never</span>}</td>
                    <td className={`${ui.wide} muted`}>
                      <Ago at={p.createdAt} />
                    </td>
                    <td className={ui.n}>
                      <Remove passkey={p} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Asked>
    </section>
  );
}
