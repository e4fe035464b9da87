import { Menu } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { hasSession } from '../../api/session.ts';
import { Icon } from '../../app/Icon.tsx';
import { forgetOutbox } from '../../offline/storage.ts';
import { userOf } from '../Tenants/members.ts';
import { meQuery } from './permissions.ts';
import { signOut } from './sessions.ts';
import { becomeUser, currentUser, onUserChanged, suggestedUsers } from './user.ts';
import css from './UserMenu.module.css';

export const useUser = () => useSyncExternalStore(onUserChanged, currentUser);

/** In development mode one is whoever one says. */
function People({ user }: { user: string }) {
  const client = useQueryClient();
  const become = (name: string) => {
    becomeUser(name);
    void client.invalidateQueries();
  };
  return (
    <>
      <Menu.Label>Development identity: who you act as. An author cannot approve their own plan.</Menu.Label>
      {[...new Set([...suggestedUsers, user])].map((name) => (
        <Menu.Item key={name} onClick={() => become(name)} rightSection={name === user ? <Icon name="check" size={16} /> : null}>
          {name}
        </Menu.Item>
      ))}
    </>
  );
}

async function leave() {
  await signOut();
  forgetOutbox();
  location.assign('/sign-in');
}

export function UserMenu() {
  const said = useUser();
  const navigate = useNavigate();
  const me = useQuery(meQuery).data;
  const signedIn = hasSession();
  const user = signedIn && me ? userOf(me.actor) : said;
  return (
    <Menu position="top-start" width={220} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false} zIndex={210}>
      <Menu.Target>
        <button type="button" className={css.user} aria-label={signedIn ? `${user}. Your account` : `${user}, acting. Change person`}>
          <span className={css.face} data-letter={user.slice(0, 1).toUpperCase()} />
          <span className={css.name}>{user}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {!signedIn && <People user={said} />}
        {!signedIn && <Menu.Divider />}
        <Menu.Item onClick={() => void navigate({ to: '/account' })}>Your account</Menu.Item>
        {signedIn && <Menu.Item onClick={() => void leave()}>Sign out</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
