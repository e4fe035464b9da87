import { readFileSync } from 'node:fs';
import type { Invitation, Member, MeView, Permission, Role } from '../../../web/dashboard/src/api/types.ts';
import { iso } from './release.ts';

/** The server's own table, read from the page that is made of it (a test of the server's sees that it stays a copy). */
export const permissions: Permission[] = readTable(readFileSync(new URL('../../../docs/permissions.md', import.meta.url), 'utf8'));

function readTable(page: string): Permission[] {
  const rows = page.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('|-'));
  const cells = (row: string) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const named = cells(rows[0]!)
    .slice(1, -1)
    .map((role) => role.toLowerCase() as Role);
  return rows.slice(1).map((row) => {
    const all = cells(row);
    const [, name, locked, person, meaning] = /^\*\*(.+?)\*\*(?: (🔒))?(?: (👤))?<br>(.+)$/u.exec(all[0]!)!;
    const roles = named.filter((role, i) => role !== 'admin' && all[i + 1] === '✓');
    return {
      name: name!,
      meaning: meaning!,
      roles,
      actions: all.at(-1)!.split(', '),
      stepUp: !!locked,
      own: name!.startsWith('account.'),
      people: !!person,
    };
  });
}

const granted = (roles: Role[], permission: Permission) => roles.some((r) => r === 'admin' || permission.roles.includes(r));

/** Who belongs to the workspace. */
export class Tenants {
  readonly members: Member[];
  readonly invitations: (Invitation & { secret: string })[] = [];
  version = 4;
  private made = 0;

  constructor(private readonly now: number) {
    const member = (name: string, roles: Role[], days: number): Member => ({
      actor: `user:${name}`,
      roles,
      addedBy: 'user:ana',
      addedAt: iso(now - days * 86_400_000),
    });
    this.members = [member('ana', ['admin'], 40), member('ben', ['planner', 'reviewer', 'operator'], 21), member('cleo', ['viewer'], 3)];
    this.invitations.push({
      id: '7d10c2f4',
      roles: ['planner'],
      invitedBy: 'user:ana',
      expires: iso(now + 5 * 86_400_000),
      secret: 'psi_older',
    });
  }

  view() {
    return { members: this.members, invitations: this.invitations.map(({ secret: _, ...one }) => one), stateVersion: this.version };
  }

  me(user: string, workspace: string): MeView {
    const open = this.members.length === 0;
    const roles = this.members.find((m) => m.actor === `user:${user}`)?.roles ?? (open ? ['admin' as const] : []);
    return {
      actor: `user:${user}`,
      workspace,
      roles,
      open,
      permissions: permissions.filter((p) => granted(roles, p)).map((p) => p.name),
    };
  }

  set(user: string, roles: Role[], by: string) {
    const at = this.members.findIndex((m) => m.actor === `user:${user}`);
    const one = { actor: `user:${user}`, roles, addedBy: `user:${by}`, addedAt: iso(this.now) };
    if (at < 0) this.members.push(one);
    else this.members[at] = { ...this.members[at]!, roles };
    this.version++;
  }

  remove(user: string) {
    this.members.splice(0, this.members.length, ...this.members.filter((m) => m.actor !== `user:${user}`));
    this.version++;
  }

  invite(roles: Role[], days: number, by: string) {
    const id = `0000000${++this.made}`;
    const secret = `psi_${String(this.made).repeat(40)}`;
    const expires = iso(this.now + days * 86_400_000);
    this.invitations.push({ id, roles, invitedBy: `user:${by}`, expires, secret });
    this.version++;
    return { id, secret, expires };
  }

  /** False: no such invitation. */
  close(found: (one: { id: string; secret: string }) => boolean, accepts?: string): boolean {
    const at = this.invitations.findIndex(found);
    if (at < 0) return false;
    const [one] = this.invitations.splice(at, 1);
    if (accepts) this.set(accepts, one!.roles, one!.invitedBy.slice(5));
    this.version++;
    return true;
  }
}
