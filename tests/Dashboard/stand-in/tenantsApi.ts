import type { Role } from '../../../web/dashboard/src/api/types.ts';
import { none, Refused } from './refused.ts';
import type { World } from './world.ts';

const done = { key: 'workspace/default', version: 5 };

/** Commands about members and invitations; null: not one of them. */
export function tenantCommand(world: World, path: string, user: string, body: Record<string, unknown>): unknown {
  const tenants = world.tenants;
  const member = /^members\/([^/]+)$/.exec(path);
  if (member) {
    const name = decodeURIComponent(member[1]!);
    const stays = tenants.members.filter((m) => m.roles.includes('admin') && m.actor !== `user:${name}`);
    if (stays.length === 0 && (body.delete || !(body.roles as Role[]).includes('admin')))
      throw new Refused(
        409,
        'The last Admin',
        `Without user:${name} nobody could say who may what.`,
        'Make someone else an Admin first',
        'member.last-admin',
      );
    if (body.delete) tenants.remove(name);
    else tenants.set(name, body.roles as Role[], user);
    return done;
  }
  if (path === 'invitations') return tenants.invite(body.roles as Role[], Number(body.days), user);
  if (path === 'invitations/accept') {
    if (!tenants.close((one) => one.secret === body.secret, user))
      throw new Refused(404, 'Not valid', 'This invitation is not, or no longer, valid.', 'Ask for a new one', 'invitation.not-valid');
    return done;
  }
  const invitation = /^invitations\/([^/]+)$/.exec(path);
  if (!invitation) return null;
  if (!tenants.close((one) => one.id === invitation[1])) throw none(`invitation ${invitation[1]}`);
  return done;
}
