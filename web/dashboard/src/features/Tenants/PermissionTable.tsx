import { useQuery } from '@tanstack/react-query';
import type { Permission, Role } from '../../api/types.ts';
import { Icon } from '../../app/Icon.tsx';
import { Asked } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { meQuery, permissionsQuery } from '../Identity/permissions.ts';
import css from './Members.module.css';
import { roles } from './roles.ts';

const grants = (permission: Permission, role: Role) => role === 'admin' || permission.roles.includes(role);

/** The server's own table: what each role may, and what you may. */
export function PermissionTable() {
  const table = useQuery(permissionsQuery);
  const mine = useQuery(meQuery).data?.roles ?? [];
  return (
    <Asked query={table} what="the permissions" rows={6} rowHeight={40}>
      {(list) => (
        <div className={ui.scroll} tabIndex={0} role="region" aria-label="What each role may">
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
      )}
    </Asked>
  );
}
