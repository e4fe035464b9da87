import { Checkbox } from '@mantine/core';
import type { Role } from '../../api/types.ts';
import css from './Members.module.css';
import { roles, withRole } from './roles.ts';

/** Roles add up: any number of them, each with what it is for. */
export function RoleChoice({ value, onChange }: { value: Role[]; onChange: (roles: Role[]) => void }) {
  return (
    <fieldset className={css.choice}>
      <legend>Roles</legend>
      {roles.map(({ role, label, meaning }) => (
        <Checkbox
          key={role}
          label={label}
          description={meaning}
          checked={value.includes(role)}
          onChange={(e) => onChange(withRole(value, role, e.currentTarget.checked))}
        />
      ))}
    </fieldset>
  );
}
