import type { Invitation, Role } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { DaysChoice } from '../../app/DaysChoice.tsx';
import { fullTime, who } from '../../app/format.ts';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useDraft } from '../../app/useDraft.ts';
import { invitationLink, invite, withdraw } from './members.ts';
import { RoleChoice } from './RoleChoice.tsx';
import { rolesText } from './roles.ts';
import { currentWorkspace } from './workspace.ts';

export function InviteButton() {
  const { draft, set, begin } = useDraft({ roles: ['viewer'] as Role[], days: 7 });
  return (
    <CommandWithDialog
      action="InviteMember"
      label="Invite"
      icon="plus"
      begin={begin}
      title="Invite someone"
      confirm="Make the invitation"
      ready={draft.roles.length > 0}
      done="Invitation made."
      consequence="You get a link to send. Whoever opens it first becomes a member with these roles; then it is used up."
      changes={['members']}
      send={(reason) => invite(draft.roles, draft.days, reason)}
      shownOnce={(made) => ({
        title: 'The invitation',
        secret: invitationLink(location.origin, currentWorkspace(), made.secret),
        intro: 'Send this link to the one person it is for.',
        note: (
          <>
            Good for one person, until {fullTime(Date.parse(made.expires))}. By command line: <code>prodsprint members accept SECRET</code>
          </>
        ),
      })}
    >
      <RoleChoice value={draft.roles} onChange={(roles) => set('roles', roles)} />
      <DaysChoice label="Valid for" choices={[1, 7, 30]} value={draft.days} onChange={(days) => set('days', days)} />
    </CommandWithDialog>
  );
}

export function InvitationList({ list }: { list: Invitation[] }) {
  if (list.length === 0) return <p className="muted">None open.</p>;
  return (
    <Table label="Open invitations" columns={['As', { head: 'Invited by', wide: true }, 'Expires']} commands>
      {list.map((one) => (
        <tr key={one.id}>
          <td>
            {rolesText(one.roles)} <code className="muted">{one.id}</code>
          </td>
          <td className={ui.wide}>{who(one.invitedBy)}</td>
          <td>
            <Ago at={one.expires} />
          </td>
          <RowCommands>
            <CommandWithDialog
              action="WithdrawInvitation"
              label="Withdraw"
              spoken={`Withdraw invitation ${one.id}`}
              inRow
              title="Withdraw the invitation"
              danger
              withReason={false}
              done="Invitation withdrawn."
              consequence="Its link stops working at once."
              changes={['members']}
              send={(_, key) => withdraw(one.id, key)}
            />
          </RowCommands>
        </tr>
      ))}
    </Table>
  );
}
