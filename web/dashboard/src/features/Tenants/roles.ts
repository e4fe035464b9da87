import type { Role } from '../../api/types.ts';

/** In the order in which people think of them: the most first. */
export const roles: { role: Role; label: string; meaning: string }[] = [
  { role: 'admin', label: 'Admin', meaning: 'Everything, and who else may what' },
  { role: 'planner', label: 'Planner', meaning: 'Imports, plans, releases, and stops what runs' },
  { role: 'reviewer', label: 'Reviewer', meaning: 'Decides what waits for a person: approvals and waivers' },
  { role: 'operator', label: 'Operator', meaning: 'Keeps the platform running: jobs, router, stopping releases' },
  { role: 'moderator', label: 'Moderator', meaning: 'Decides about reports and appeals' },
  { role: 'viewer', label: 'Viewer', meaning: 'Sees' },
];

const labels = new Map(roles.map(({ role, label }) => [role, label]));
export const roleLabel = (role: Role) => labels.get(role) ?? role;
export const rolesText = (list: Role[]) =>
  roles
    .filter(({ role }) => list.includes(role))
    .map(({ label }) => label)
    .join(', ');

export const withRole = (list: Role[], role: Role, on: boolean): Role[] => (on ? [...list, role] : list.filter((r) => r !== role));
export const sameRoles = (a: Role[], b: Role[]) => a.length === b.length && a.every((r) => b.includes(r));
