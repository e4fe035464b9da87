import { useQuery } from '@tanstack/react-query';
import type { Permission, Role } from '../../api/types.ts';
import { Icon } from '../../app/Icon.tsx';
import { Asked } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { meQuery, permissionsQuery } from '../Identity/permissions.ts';
import css from './Members.module.css';
import { roles, rolesText } from './roles.ts';

/** On a phone seven columns would have to be pushed aside to be read: who may it stands below what it is. */
function PermissionList({ list, mine }: { list: Permission[]; mine: Role[] }) {
  return (
    <ul className={`${ui.narrow} ${css.list}`} aria-label="What each role may">
      {list.map((permission) => (
        <li key={permission.name} data-mine={mine.some((role) => grants(permission, role)) || undefined}>
          <span>{permission.meaning}</span>
          <code>{permission.name}</code>
          <span className={css.who}>
            {permission.own
              ? 'Everybody, of themselves'
              : rolesText(roles.map(({ role }) => role).filter((role) => grants(permission, role)))}
            {mine.some((role) => grants(permission, role)) && <strong> · you</strong>}
          </span>
        </li>
      ))}
    </ul>
  );
}

const grants = (permission: Permission, role: Role) => role === 'admin' || permission.roles.includes(role);

/** The server's own table: what each role may, and what you may. */
export function PermissionTable() {
  const table = useQuery(permissionsQuery);
  const mine = useQuery(meQuery).data?.roles ?? [];
  return (
    <Asked query={table} what="the permissions" rows={6} rowHeight={40}>
      {(list) => (
        <>
          <PermissionList list={list} mine={mine} />
          <div className={`${ui.scroll} ${ui.wide}`} tabIndex={0} role="region" aria-label="What each role may">
            <table className={`${ui.table} ${css.permissions}`}>
              <thead>
                <tr>
                  <th scope="col">Permission</th>
                  {roles.map(({ role, label }) => (
                    <th key={role} scope="col" data-mine={mine.includes(role) || undefined}>
                      {label}
                      {mine.includes(role) && <span className="sr-only"> (you)</span>}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {list.map((permission) => (
                  <tr key={permission.name}>
                    <th scope="row">
                      <span title={permission.actions.join(', ')}>{permission.meaning}</span>
                      <code>{permission.name}</code>
                    </th>
                    {roles.map(({ role }) => (
                      <td key={role} data-mine={mine.includes(role) || undefined}>
                        {grants(permission, role) ? (
                          <>
                            <Icon name="check" size={15} />
                            <span className="sr-only">yes</span>
                          </>
                        ) : (
                          <span className="sr-only">no</span>
                        )}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Asked>
  );
}
