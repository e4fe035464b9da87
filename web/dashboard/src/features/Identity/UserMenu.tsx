import { Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { Icon } from '../../app/Icon.tsx';
import { becomeUser, currentUser, onUserChanged, suggestedUsers } from './user.ts';
import css from './UserMenu.module.css';

export const useUser = () => useSyncExternalStore(onUserChanged, currentUser);

export function UserMenu() {
  const user = useUser();
  const client = useQueryClient();
  const become = (name: string) => {
    becomeUser(name);
    void client.invalidateQueries();
  };
  return (
    <Menu position="top-start" width={220} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false} zIndex={210}>
      <Menu.Target>
        <button type="button" className={css.user} aria-label={`${user}, acting. Change person`}>
          <span className={css.face} data-letter={user.slice(0, 1).toUpperCase()} />
          <span className={css.name}>{user}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Development identity: who you act as. An author cannot approve their own plan.</Menu.Label>
        {[...new Set([...suggestedUsers, user])].map((name) => (
          <Menu.Item key={name} onClick={() => become(name)} rightSection={name === user ? <Icon name="check" size={16} /> : null}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
