import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import { forgeryToken } from '../../api/session.ts';
import type { operations } from '../../api/schema.ts';
import type { MeView, Permission, Role } from '../../api/types.ts';
import { words } from '../../app/format.ts';
import { rememberAccount } from './user.ts';

/** An operation of the API; one path with several verbs has a name for each. */
export type Action =
  | Exclude<keyof operations, 'SteerRelease' | 'SteerJob'>
  | 'ApproveRelease'
  | 'PromoteRelease'
  | 'PauseRelease'
  | 'ResumeRelease'
  | 'AbortRelease'
  | 'RetryRelease'
  | 'RetryJob'
  | 'ReplayJob';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async () => {
    const token = forgeryToken();
    const me = await ask(api.GET('/v1/me', {}));
    // Only if it is still the session that was asked about.
    if (token !== null && token === forgeryToken()) rememberAccount(me.actor.replace(/^user:/, ''), token);
    return me;
  },
});

/** The one table is compiled into the server: it stays the same while the page does. */
export const permissionsQuery = queryOptions({
  queryKey: ['permissions'],
  queryFn: async () => (await ask(api.GET('/v1/permissions', {}))).items,
  staleTime: Infinity,
});

const rolesText = (roles: Role[]) =>
  [...roles, 'admin']
    .map((r) => words(r))
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');

/** Why this person may not do that, in words that say what to ask for; null when they may, or when that is not known yet: the server decides. */
export function missingPermission(action: Action, me: MeView | undefined, table: Permission[] | undefined): string | null {
  const needed = table?.find((p) => p.actions.includes(action));
  // What is about oneself needs no role.
  if (!me || !needed || needed.own || me.permissions.includes(needed.name)) return null;
  return `This needs the permission ${needed.name}, which you do not have in ${me.workspace}. ${rolesText(needed.roles).replace(/^./, (c) => c.toUpperCase())} has it.`;
}

export function useMissingPermission(action: Action | undefined): string | null {
  const me = useQuery(meQuery).data;
  const table = useQuery(permissionsQuery).data;
  return action ? missingPermission(action, me, table) : null;
}
