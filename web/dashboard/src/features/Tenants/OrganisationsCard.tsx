import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { OrganisationItem, OrganisationView } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { count, none } from '../../app/format.ts';
import { NameInput } from '../../app/NameInput.tsx';
import { Asked, Empty } from '../../app/States.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useDraft } from '../../app/useDraft.ts';
import { memberName, memberNameHint, userOf } from './members.ts';
import {
  addOrganisationAdmin,
  createOrganisation,
  newName,
  newNameHint,
  organisationQuery,
  organisationsQuery,
  removeOrganisationAdmin,
} from './organisations.ts';

function NewOrganisation() {
  const { draft, field, begin } = useDraft({ id: '', title: '' });
  const id = draft.id.trim();
  return (
    <CommandWithDialog
      action="CreateOrganisation"
      label="New organisation"
      icon="plus"
      variant="default"
      begin={begin}
      confirm="Make it"
      ready={newName.test(id)}
      done={`${id} is made, and you are its Admin.`}
      consequence="Its Admins make workspaces that belong to it, and may become an Admin of each of them."
      changes={['organisations']}
      send={(reason, key) => createOrganisation(id, draft.title.trim(), reason, key)}
    >
      <NameInput label="Id" placeholder="acme" shape={newName} hint={newNameHint} {...field('id')} />
      <TextInput
        label="Name"
        description="As people see it; else the id"
        placeholder="The Acme Group"
        maxLength={200}
        {...field('title')}
      />
    </CommandWithDialog>
  );
}

function AddAdmin({ id }: { id: string }) {
  const { draft, field, begin } = useDraft({ name: '' });
  const user = draft.name.trim();
  return (
    <CommandWithDialog
      action="SetOrganisationAdmin"
      label="Add an Admin"
      spoken={`Add an Admin to ${id}`}
      inRow
      begin={begin}
      confirm="Add"
      ready={memberName.test(user)}
      done={`${user} is an Admin of ${id}.`}
      consequence="They may make workspaces of it, become an Admin of each, and say who else may."
      changes={['organisations']}
      send={(reason, key) => addOrganisationAdmin(id, user, reason, key)}
    >
      <NameInput label="Name" shape={memberName} hint={memberNameHint} {...field('name')} />
    </CommandWithDialog>
  );
}

function RemoveAdmin({ organisation: { id, admins } }: { organisation: OrganisationView }) {
  const users = admins.map(userOf);
  const { draft, set, begin } = useDraft({ user: users[0] ?? '' });
  return (
    <CommandWithDialog
      action="RemoveOrganisationAdmin"
      label="Remove an Admin"
      spoken={`Remove an Admin of ${id}`}
      inRow
      begin={begin}
      confirm="Remove"
      danger
      withReason={false}
      done={`${draft.user} is no Admin of ${id} any more.`}
      consequence="They stay what they are in its workspaces. One Admin always stays."
      changes={['organisations']}
      send={(_, key) => removeOrganisationAdmin(id, draft.user, key)}
    >
      <Select
        label="Who"
        value={draft.user}
        onChange={(user) => set('user', user!)}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        data={users}
        data-autofocus
      />
    </CommandWithDialog>
  );
}

function Row({ item }: { item: OrganisationItem }) {
  const whole = useQuery(organisationQuery(item.id)).data;
  return (
    <tr>
      <td>
        <strong>{item.title}</strong>
        {item.title !== item.id && (
          <div className={`${ui.small} muted`}>
            <code>{item.id}</code>
          </div>
        )}
      </td>
      <td>{whole?.admins.map(userOf).join(', ') ?? none}</td>
      <td className={`${ui.n} ${ui.wide}`}>{count(whole?.workspaces.length)}</td>
      <RowCommands>
        <AddAdmin id={item.id} />
        {whole && whole.admins.length > 1 && <RemoveAdmin organisation={whole} />}
      </RowCommands>
    </tr>
  );
}

/** Those that one is an Admin of: of others one sees nothing. */
export function OrganisationsCard() {
  return (
    <Card label="Organisations" title="Your organisations" aside={<NewOrganisation />}>
      <Asked
        query={useQuery(organisationsQuery)}
        what="your organisations"
        rows={1}
        rowHeight={52}
        empty={
          <Empty icon="people" title="You are Admin of no organisation" command="prodsprint organisations create NAME">
            An organisation owns workspaces, so that they stay when whoever made them leaves.
          </Empty>
        }
      >
        {(list) => (
          <Table label="List of organisations" columns={['Organisation', 'Admins', { head: 'Workspaces', wide: true, n: true }]} commands>
            {list.map((item) => (
              <Row key={item.id} item={item} />
            ))}
          </Table>
        )}
      </Asked>
    </Card>
  );
}
