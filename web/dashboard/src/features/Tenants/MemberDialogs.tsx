import type { Member, MembersView, Role } from '../../api/types.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { NameInput } from '../../app/NameInput.tsx';
import { useDraft } from '../../app/useDraft.ts';
import type { Edit } from '../../offline/edits.ts';
import { memberName, memberNameHint, removeMember, setMember, userOf } from './members.ts';
import { RoleChoice } from './RoleChoice.tsx';
import { rolesText, sameRoles } from './roles.ts';

const changes = ['members', 'me'];

const editOf = (members: MembersView, user: string, mine: Role[], reason: string): Edit => ({
  kind: 'roles',
  user,
  base: members.members.find((m) => userOf(m.actor) === user)?.roles ?? [],
  mine,
  reason,
});

export function AddMember({ members, first }: { members: MembersView; first?: string }) {
  const { draft, set, field, begin } = useDraft({ name: first ?? '', roles: [first ? 'admin' : 'viewer'] as Role[] });
  const user = draft.name.trim();
  const known = members.members.some((m) => userOf(m.actor) === user);
  return (
    <CommandWithDialog
      action="SetMember"
      label={first ? `Make ${first} the first Admin` : 'Add a member'}
      icon="plus"
      variant={first ? 'filled' : 'default'}
      begin={begin}
      title={first ? 'The first Admin' : 'Add a member'}
      confirm="Add"
      ready={memberName.test(user) && draft.roles.length > 0}
      done={`${user} is a member.`}
      consequence={
        first
          ? 'From then on only members may act here, each as far as their roles go. The first member has to be an Admin.'
          : 'They may act here at once, as far as their roles go. To let someone in whose name you do not know, invite them.'
      }
      changes={changes}
      edit={(reason) => editOf(members, user, draft.roles, reason)}
      send={(reason, key) => setMember(members, user, draft.roles, reason, key)}
    >
      <NameInput
        label="Name"
        shape={memberName}
        hint={memberNameHint}
        description={known ? 'A member already; this replaces their roles.' : undefined}
        {...field('name')}
      />
      <RoleChoice value={draft.roles} onChange={(roles) => set('roles', roles)} />
    </CommandWithDialog>
  );
}

export function ChangeRoles({ members, member }: { members: MembersView; member: Member }) {
  const { draft, set, begin } = useDraft({ roles: member.roles });
  const { roles } = draft;
  const user = userOf(member.actor);
  return (
    <CommandWithDialog
      action="SetMember"
      label="Change"
      spoken={`Change the roles of ${user}`}
      inRow
      begin={begin}
      title={`Roles of ${user}`}
      ready={roles.length > 0 && !sameRoles(roles, member.roles)}
      done={`${user} is now ${rolesText(roles)}.`}
      consequence="It counts from their next request on, in every window they have open."
      changes={changes}
      edit={(reason) => editOf(members, user, roles, reason)}
      send={(reason, key) => setMember(members, user, roles, reason, key)}
    >
      <RoleChoice value={roles} onChange={(value) => set('roles', value)} />
    </CommandWithDialog>
  );
}

export function RemoveMember({ members, member }: { members: MembersView; member: Member }) {
  const user = userOf(member.actor);
  return (
    <CommandWithDialog
      action="RemoveMember"
      label="Remove"
      spoken={`Remove ${user}`}
      inRow
      danger
      reasonRequired
      done={`${user} is no member any more.`}
      consequence={`${user} may do nothing here from their next request on. What they did stays in the audit log under their name.`}
      changes={changes}
      send={(reason, key) => removeMember(members, user, reason, key)}
    />
  );
}
