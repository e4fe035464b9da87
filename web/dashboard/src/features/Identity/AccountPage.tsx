import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { Page } from '../../app/Page.tsx';
import { Tabs } from '../../app/Tabs.tsx';
import { userOf } from '../Tenants/members.ts';
import { rolesText } from '../Tenants/roles.ts';
import { meQuery } from './permissions.ts';

/** About oneself: who one is here, where one is signed in, and with what. */
export function AccountPage() {
  const me = useQuery(meQuery).data;
  return (
    <Page
      title="Your account"
      lead={me && `${userOf(me.actor)}, ${me.roles.length > 0 ? rolesText(me.roles) : 'no member'} in ${me.workspace}`}
    >
      <Tabs
        label="Your account"
        tabs={[
          { to: '/account', label: 'Sessions', exact: true },
          { to: '/account/logins', label: 'Logins' },
          { to: '/account/security', label: 'Second factor' },
          { to: '/account/tokens', label: 'Tokens' },
          { to: '/account/workspaces', label: 'Workspaces' },
        ]}
      />
      <Outlet />
    </Page>
  );
}
