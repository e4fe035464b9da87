import { SegmentedControl } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Invitation, InvitationMade, Role } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { fullTime, who } from '../../app/format.ts';
import { Icon } from '../../app/Icon.tsx';
import { ShownOnce } from '../../app/ShownOnce.tsx';
import ui from '../../app/ui.module.css';
import { CommandButton } from '../Identity/CommandButton.tsx';
import { CommandDialog } from '../Releases/CommandDialog.tsx';
import css from './Members.module.css';
import { invitationLink, invite, withdraw } from './members.ts';
import { RoleChoice } from './RoleChoice.tsx';
import { rolesText } from './roles.ts';
import { currentWorkspace } from './workspace.ts';

export function InviteButton() {
  const [opened, setOpened] = useState(false);
  const [roles, setRoles] = useState<Role[]>(['viewer']);
  const [days, setDays] = useState('7');
  const [made, setMade] = useState<InvitationMade | null>(null);
  const client = useQueryClient();
  return (
    <>
      <CommandButton
        action="InviteMember"
        leftSection={<Icon name="plus" size={16} />}
        onClick={() => {
          setRoles(['viewer']);
          setOpened(true);
        }}
      >
        Invite
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title="Invite someone"
        confirm="Make the invitation"
        ready={roles.length > 0}
        done="Invitation made."
        later="never"
        consequence="You get a link to send. Whoever opens it first becomes a member with these roles; then it is used up."
        send={async (reason, key) => {
          setMade(await invite(roles, Number(days), reason, key));
          void client.invalidateQueries({ queryKey: ['members'] });
        }}
      >
        <RoleChoice value={roles} onChange={setRoles} />
        <div className={css.days}>
          <span id="valid-for">Valid for</span>
          <SegmentedControl
            size="xs"
            aria-labelledby="valid-for"
            value={days}
            onChange={setDays}
            data={[
              { value: '1', label: '1 day' },
              { value: '7', label: '7 days' },
              { value: '30', label: '30 days' },
            ]}
          />
        </div>
      </CommandDialog>
      <ShownOnce
        title="The invitation"
        secret={made && invitationLink(location.origin, currentWorkspace(), made.secret)}
        close={() => setMade(null)}
        intro="Send this link to the one person it is for."
      >
        {made && (
          <>
            Good for one person, until {fullTime(Date.parse(made.expires))}. By command line: <code>prodsprint members accept SECRET</code>
          </>
        )}
      </ShownOnce>
    </>
  );
}

function Withdraw({ invitation }: { invitation: Invitation }) {
  const [opened, setOpened] = useState(false);
  const client = useQueryClient();
  return (
    <>
      <CommandButton
        action="WithdrawInvitation"
        size="compact-sm"
        variant="default"
        aria-label={`Withdraw invitation ${invitation.id}`}
        onClick={() => setOpened(true)}
      >
        Withdraw
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title="Withdraw the invitation"
        confirm="Withdraw"
        danger
        withReason={false}
        done="Invitation withdrawn."
        consequence="Its link stops working at once."
        send={async (_, key) => {
          await withdraw(invitation.id, key);
          await client.invalidateQueries({ queryKey: ['members'] });
        }}
      />
    </>
  );
}

export function InvitationList({ list }: { list: Invitation[] }) {
  if (list.length === 0) return <p className="muted">None open.</p>;
  return (
    <div className={ui.scroll} tabIndex={0} role="region" aria-label="Open invitations">
      <table className={ui.table}>
        <thead>
          <tr>
            <th scope="col">As</th>
            <th scope="col" className={ui.wide}>
              Invited by
            </th>
            <th scope="col">Expires</th>
            <th scope="col">
              <span className="sr-only">Commands</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.map((one) => (
            <tr key={one.id}>
              <td>
                {rolesText(one.roles)} <code className="muted">{one.id}</code>
              </td>
              <td className={ui.wide}>{who(one.invitedBy)}</td>
              <td>
                <Ago at={one.expires} />
              </td>
              <td className={ui.n}>
                <Withdraw invitation={one} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
