import { useQuery } from '@tanstack/react-query';
import type { MembersView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { who } from '../../app/format.ts';
import { Card } from '../../app/Card.tsx';
import { Asked, Empty } from '../../app/States.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { meQuery } from '../Identity/permissions.ts';
import { Tag } from '../Gates/Verdict.tsx';
import { InvitationList, InviteButton } from './Invitations.tsx';
import { AddMember, ChangeRoles, RemoveMember } from './MemberDialogs.tsx';
import { membersQuery, userOf } from './members.ts';
import { PermissionTable } from './PermissionTable.tsx';
import { rolesText } from './roles.ts';
import { currentWorkspace } from './workspace.ts';

function List({ members, me }: { members: MembersView; me: string | undefined }) {
  return (
    <Table label="List of members" columns={['Member', 'Roles', { head: 'Added', wide: true }]} commands>
      {members.members.map((m) => (
        <tr key={m.actor}>
          <td>
            <strong>{userOf(m.actor)}</strong>{' '}
            {m.actor === me && (
              <Tag tone="accent" small>
                You
              </Tag>
            )}
          </td>
          <td>
            {rolesText(m.roles)}{' '}
            {m.suspendedAt && (
              <Tag tone="hold" small>
                Suspended
              </Tag>
            )}
          </td>
          <td className={`${ui.wide} muted`}>
            <Ago at={m.addedAt} /> by {who(m.addedBy)}
          </td>
          <RowCommands>
            <ChangeRoles members={members} member={m} />
            <RemoveMember members={members} member={m} />
          </RowCommands>
        </tr>
      ))}
    </Table>
  );
}

export function MembersTab() {
  const members = useQuery(membersQuery);
  const me = useQuery(meQuery).data?.actor;
  return (
    <div className={ui.page}>
      <Asked query={members} what="the members" rows={3} rowHeight={44}>
        {(view) => (
          <>
            <Card
              label="Members"
              title={`Members of ${currentWorkspace()}`}
              aside={
                view.members.length > 0 && (
                  <span className={ui.row}>
                    <AddMember members={view} />
                    <InviteButton />
                  </span>
                )
              }
            >
              {view.members.length === 0 ? (
                <Empty
                  icon="people"
                  title="This workspace is open"
                  command="prodsprint members set NAME --role Admin"
                  action={me ? <AddMember members={view} first={userOf(me)} /> : undefined}
                >
                  Nobody is a member yet, so whoever reaches this server may do everything here. The first member is its first Admin, and
                  closes it.
                </Empty>
              ) : (
                <List members={view} me={me} />
              )}
            </Card>
            {view.members.length > 0 && (
              <Card label="Invitations" title="Open invitations">
                <InvitationList list={view.invitations} />
              </Card>
            )}
          </>
        )}
      </Asked>
      {/* Not before the list above it stands: how long that is, nobody knows, and what is read would jump. */}
      {!members.isPending && (
        <Card label="Permissions" title="What each role may" aside="Roles add up">
          <PermissionTable />
        </Card>
      )}
    </div>
  );
}
