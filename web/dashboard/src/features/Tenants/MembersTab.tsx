import { useQuery } from '@tanstack/react-query';
import type { MembersView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { who } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
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
    <div className={ui.scroll} tabIndex={0} role="region" aria-label="List of members">
      <table className={ui.table}>
        <thead>
          <tr>
            <th scope="col">Member</th>
            <th scope="col">Roles</th>
            <th scope="col" className={ui.wide}>
              Added
            </th>
            <th scope="col">
              <span className="sr-only">Commands</span>
            </th>
          </tr>
        </thead>
        <tbody>
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
              <td>{rolesText(m.roles)}</td>
              <td className={`${ui.wide} muted`}>
                <Ago at={m.addedAt} /> by {who(m.addedBy)}
              </td>
              <td className={ui.n}>
                <span className={ui.row} style={{ justifyContent: 'flex-end' }}>
                  <ChangeRoles members={members} member={m} />
                  <RemoveMember members={members} member={m} />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
            <section className={ui.card} aria-label="Members">
              <div className={ui.cardHead}>
                <h2>Members of {currentWorkspace()}</h2>
                {view.members.length > 0 && (
                  <span className={ui.row}>
                    <AddMember members={view} />
                    <InviteButton />
                  </span>
                )}
              </div>
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
            </section>
            {view.members.length > 0 && (
              <section className={ui.card} aria-label="Invitations">
                <h2>Open invitations</h2>
                <InvitationList list={view.invitations} />
              </section>
            )}
          </>
        )}
      </Asked>
      <section className={ui.card} aria-label="Permissions">
        <div className={ui.cardHead}>
          <h2>What each role may</h2>
          <span className={`${ui.small} muted`}>Roles add up</span>
        </div>
        <PermissionTable />
      </section>
    </div>
  );
}
