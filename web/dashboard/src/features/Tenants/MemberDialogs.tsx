import { TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Member, MembersView, Role } from '../../api/types.ts';
import { Icon } from '../../app/Icon.tsx';
import { CommandButton } from '../Identity/CommandButton.tsx';
import { CommandDialog } from '../Releases/CommandDialog.tsx';
import { memberName, removeMember, setMember, userOf } from './members.ts';
import { RoleChoice } from './RoleChoice.tsx';
import { rolesText, sameRoles } from './roles.ts';

const rolesOf = (members: MembersView, user: string) => members.members.find((m) => userOf(m.actor) === user)?.roles ?? [];

function useMembersChanged() {
  const client = useQueryClient();
  return () => Promise.all([['members'], ['me']].map((queryKey) => client.invalidateQueries({ queryKey })));
}

export function AddMember({ members, first }: { members: MembersView; first?: string }) {
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<Role[]>([]);
  const changed = useMembersChanged();
  const user = name.trim();
  const good = memberName.test(user);
  const known = members.members.some((m) => userOf(m.actor) === user);
  return (
    <>
      <CommandButton
        action="SetMember"
        variant={first ? 'filled' : 'default'}
        leftSection={<Icon name="plus" size={16} />}
        onClick={() => {
          setName(first ?? '');
          setRoles([first ? 'admin' : 'viewer']);
          setOpened(true);
        }}
      >
        {first ? `Make ${first} the first Admin` : 'Add a member'}
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title={first ? 'The first Admin' : 'Add a member'}
        confirm="Add"
        ready={good && roles.length > 0}
        done={`${user} is a member.`}
        consequence={
          first
            ? 'From then on only members may act here, each as far as their roles go. The first member has to be an Admin.'
            : 'They may act here at once, as far as their roles go. To let someone in whose name you do not know, invite them.'
        }
        edit={(reason) => ({ kind: 'roles', user, base: rolesOf(members, user), mine: roles, reason })}
        send={async (reason, key) => {
          await setMember(members, user, roles, reason, key);
          await changed();
        }}
      >
        <TextInput
          label="Name"
          required
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
          error={user !== '' && !good ? 'Letters, digits, “.”, “-”, “_” and “@”, 64 at most.' : null}
          description={known ? 'A member already; this replaces their roles.' : undefined}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
        <RoleChoice value={roles} onChange={setRoles} />
      </CommandDialog>
    </>
  );
}

export function ChangeRoles({ members, member }: { members: MembersView; member: Member }) {
  const [opened, setOpened] = useState(false);
  const [roles, setRoles] = useState<Role[]>(member.roles);
  const changed = useMembersChanged();
  const user = userOf(member.actor);
  return (
    <>
      <CommandButton
        action="SetMember"
        size="compact-sm"
        variant="default"
        aria-label={`Change the roles of ${user}`}
        onClick={() => {
          setRoles(member.roles);
          setOpened(true);
        }}
      >
        Change
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title={`Roles of ${user}`}
        confirm="Change"
        ready={roles.length > 0 && !sameRoles(roles, member.roles)}
        done={`${user} is now ${rolesText(roles)}.`}
        consequence="It counts from their next request on, in every window they have open."
        edit={(reason) => ({ kind: 'roles', user, base: rolesOf(members, user), mine: roles, reason })}
        send={async (reason, key) => {
          await setMember(members, user, roles, reason, key);
          await changed();
        }}
      >
        <RoleChoice value={roles} onChange={setRoles} />
      </CommandDialog>
    </>
  );
}

export function RemoveMember({ members, member }: { members: MembersView; member: Member }) {
  const [opened, setOpened] = useState(false);
  const changed = useMembersChanged();
  const user = userOf(member.actor);
  return (
    <>
      <CommandButton
        action="RemoveMember"
        size="compact-sm"
        variant="default"
        aria-label={`Remove ${user}`}
        onClick={() => setOpened(true)}
      >
        Remove
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title={`Remove ${user}`}
        confirm="Remove"
        danger
        reasonRequired
        done={`${user} is no member any more.`}
        consequence={`${user} may do nothing here from their next request on. What they did stays in the audit log under their name.`}
        send={async (reason, key) => {
          await removeMember(members, user, reason, key);
          await changed();
        }}
      />
    </>
  );
}
