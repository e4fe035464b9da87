import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { Asked } from '../../app/States.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useDraft } from '../../app/useDraft.ts';
import { addPasskey, canPasskey, passkeysQuery, removePasskey } from './secondFactor.ts';

const changes = ['passkeys', 'second-factor', 'session'];

function Add() {
  const { draft, field, begin } = useDraft({ name: '' });
  const name = draft.name.trim();
  return (
    <CommandWithDialog
      action="AddPasskey"
      label="Add a passkey"
      icon="plus"
      variant="default"
      begin={begin}
      confirm="Go on"
      later="never"
      withReason={false}
      ready={name !== '' && canPasskey()}
      done={`${name} is a passkey of yours.`}
      consequence={
        canPasskey()
          ? 'Your browser asks for your fingerprint, face or PIN, and keeps a key. With it you sign in here without anything else.'
          : 'This browser makes no passkeys here: they need https, or this machine itself.'
      }
      changes={changes}
      send={() => addPasskey(name)}
    >
      <TextInput label="Which device it is" placeholder="Laptop" required maxLength={60} data-autofocus {...field('name')} />
    </CommandWithDialog>
  );
}

export function PasskeysCard() {
  return (
    <Card label="Passkeys" aside={<Add />}>
      <Asked
        query={useQuery(passkeysQuery)}
        what="your passkeys"
        rows={1}
        empty={<p className="muted">None. A passkey is a sign-in and a second factor in one, and cannot be phished.</p>}
      >
        {(list) => (
          <Table label="List of passkeys" columns={['Device', 'Last used', { head: 'Made', wide: true }]} commands>
            {list.map((p) => (
              <tr key={p.id}>
                <td>
                  {p.name} {p.backedUp && <span className={`${ui.small} muted`}>synced between devices</span>}
                </td>
                <td>{p.usedAt ? <Ago at={p.usedAt} /> : <span className="muted">never</span>}</td>
                <td className={`${ui.wide} muted`}>
                  <Ago at={p.createdAt} />
                </td>
                <RowCommands>
                  <CommandWithDialog
                    action="RemovePasskey"
                    label="Remove"
                    spoken={`Remove ${p.name}`}
                    inRow
                    danger
                    withReason={false}
                    done="Passkey removed."
                    consequence="It lets nobody in any more. The device may still offer it: remove it there too."
                    changes={changes}
                    send={(_, key) => removePasskey(p.id, key)}
                  />
                </RowCommands>
              </tr>
            ))}
          </Table>
        )}
      </Asked>
    </Card>
  );
}
