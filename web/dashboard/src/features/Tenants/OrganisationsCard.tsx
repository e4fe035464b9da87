import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ApiProblem } from '../../api/client.ts';
import type { OrganisationItem, OrganisationView } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { count, none } from '../../app/format.ts';
import { NameInput } from '../../app/NameInput.tsx';
import { Asked, Empty } from '../../app/States.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useDraft } from '../../app/useDraft.ts';
import { Tag } from '../Gates/Verdict.tsx';
import { memberName, memberNameHint, userOf } from './members.ts';
import {
  addOrganisationAdmin,
  createOrganisation,
  newName,
  newNameHint,
  organisationQuery,
  organisationsQuery,
  removeOrganisationAdmin,
  setOrganisationPolicy,
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

/** What it asks of everybody, in all of its workspaces. */
function SecondFactor({ id, secondFactor }: OrganisationItem) {
  return secondFactor ? (
    <CommandWithDialog
      action="SetOrganisationPolicy"
      label="No longer ask"
      spoken={`No longer ask for a second factor in ${id}`}
      inRow
      danger
      reasonRequired
      done={`${id} asks for no second factor any more.`}
      consequence="Its workspaces may still ask for one. Who has one is still asked for it; everybody else comes in with their sign-in alone."
      changes={['organisations', 'security-policy']}
      send={(reason, key) => setOrganisationPolicy(id, false, reason, key)}
    />
  ) : (
    <CommandWithDialog
      action="SetOrganisationPolicy"
      label="Ask for a second factor"
      spoken={`Ask for a second factor in ${id}`}
      inRow
      confirm="Ask for it"
      reasonRequired
      done={`Nobody comes into a workspace of ${id} without a second factor.`}
      consequence="It counts at once, in all of its workspaces: whoever has none is led to set one up, their tokens stop working and their live pages are cut. You need to have shown yours in this session."
      changes={['organisations', 'security-policy']}
      send={(reason, key) => setOrganisationPolicy(id, true, reason, key)}
    />
  );
}

function Row({ item }: { item: OrganisationItem }) {
  const asked = useQuery(organisationQuery(item.id));
  const whole = asked.data;
  // One that asks for a second factor tells its Admins nothing either before they have shown it.
  const closed = asked.error instanceof ApiProblem && asked.error.problem.code === 'organisation.second-factor';
  const admins = closed ? (
    <a href="/account/security?asked=true&returnTo=/account/workspaces">Show your second factor</a>
  ) : (
    (whole?.admins.map(userOf).join(', ') ?? none)
  );
  return (
    <tr>
      <td>
        <strong>{item.title}</strong>{' '}
        {item.secondFactor && (
          <Tag tone="good" small>
            Second factor
          </Tag>
        )}
        {item.title !== item.id && (
          <div className={`${ui.small} muted`}>
            <code>{item.id}</code>
          </div>
        )}
        <div className={`${ui.small} ${ui.narrow}`}>{admins}</div>
      </td>
      <td className={ui.wide}>{admins}</td>
      <td className={`${ui.n} ${ui.wide}`}>{count(whole?.workspaces.length)}</td>
      <RowCommands>
        {whole && <SecondFactor {...item} />}
        {whole && <AddAdmin id={item.id} />}
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
          <Table
            label="List of organisations"
            columns={['Organisation', { head: 'Admins', wide: true }, { head: 'Workspaces', wide: true, n: true }]}
            commands
          >
            {list.map((item) => (
              <Row key={item.id} item={item} />
            ))}
          </Table>
        )}
      </Asked>
    </Card>
  );
}
