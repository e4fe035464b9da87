import type { OrganisationView, WorkspaceItem } from '../../../web/dashboard/src/api/types.ts';
import { none, Refused } from './refused.ts';
import { iso } from './release.ts';

/** The workspaces somebody has to do with, and who owns them. */
export class Organisations {
  readonly workspaces: WorkspaceItem[] = [
    { name: 'default', title: 'default', roles: ['admin'] },
    { name: 'acme.shop', title: 'The shop', organisation: 'acme', roles: ['planner', 'reviewer'] },
    { name: 'acme.labs', title: 'acme.labs', organisation: 'acme', roles: [] },
  ];
  readonly list: OrganisationView[];

  constructor(private readonly now: number) {
    this.list = [
      {
        id: 'acme',
        title: 'The Acme Group',
        createdAt: iso(now - 40 * 86_400_000),
        admins: ['user:ana', 'user:ben'],
        workspaces: ['acme.labs', 'acme.shop'],
        secondFactor: false,
      },
    ];
  }

  find = (id: string) => this.list.find((one) => one.id === id) ?? none(`organisation '${id}'`);

  /** Null: not about them. */
  command(path: string, user: string, body: Record<string, unknown>): unknown {
    if (path === 'workspaces') {
      const { name, organisation } = body as { name: string; organisation?: string };
      if (this.workspaces.some((w) => w.name === name))
        throw new Refused(409, 'The name is taken', `There is a workspace '${name}' already.`, 'Choose another name', 'workspace.exists');
      this.workspaces.push({ name, title: name, organisation, roles: ['admin'] });
      this.list.find((one) => one.id === organisation)?.workspaces.push(name);
      return this.workspaces.at(-1);
    }
    const policy = /^organisations\/([^/]+)\/security-policy$/.exec(path);
    if (policy)
      return Object.assign(
        this.list.find((one) => one.id === policy[1])!,
        { secondFactor: Boolean(body.secondFactor) },
      );
    const about = /^organisations(?:\/([^/]+))?(?:\/(admins|workspaces)\/([^/]+))?/.exec(path);
    if (!about) return null;
    const [, id, what, name] = about;
    if (!id) {
      this.list.push({
        id: String(body.id),
        title: String(body.title ?? body.id),
        createdAt: iso(this.now),
        admins: [`user:${user}`],
        workspaces: [],
        secondFactor: false,
      });
      return this.list.at(-1);
    }
    const found = this.find(id);
    if (found instanceof Refused) throw found;
    if (what === 'workspaces') this.workspaces.find((w) => w.name === name)!.roles = ['admin'];
    else if (body.delete) found.admins = found.admins.filter((one) => one !== `user:${name}`);
    else found.admins.push(`user:${name}`);
    return found;
  }
}
