import type { SecretVersion, SecretView } from '../../../web/dashboard/src/api/types.ts';
import { none, Refused } from './refused.ts';
import { iso } from './release.ts';

const day = 86_400_000;

/** What services of the shop are given, without a value anywhere: of each kind one, one of them in its overlap, one that is not let in. */
export class Secrets {
  list: SecretView[];

  constructor(private readonly now: number) {
    this.list = [
      this.view('production', 'DATABASE_URL', {
        kind: 'postgresPassword',
        phase: 'overlap',
        versions: [
          this.version(4, 'current', 0.3, { providerId: 'shop_production_a', by: 'system:schedule' }),
          this.version(3, 'previous', 30.3, { providerId: 'shop_production_b' }),
          this.version(2, 'retired', 60, { endedAt: iso(now - 29 * day) }),
        ],
        everyDays: 30,
        revokeAt: iso(now + 0.7 * day),
        checkedAt: iso(now - 1_500_000),
      }),
      this.view('production', 'MAIL_API_KEY', {
        kind: 'apiKey',
        versions: [this.version(1, 'current', 12, { providerId: 'key_8fa1' })],
        everyDays: 90,
        rotateAt: iso(now + 78 * day),
        checkedAt: iso(now - 600_000),
        provider: {
          create: 'https://api.mail.example/keys',
          verify: 'https://api.mail.example/me',
          revoke: 'https://api.mail.example/keys/{id}',
          credential: 'MAIL_ADMIN_TOKEN',
        },
        drift: 'api.mail.example answered 401 to version 1: somebody has revoked it there. Next: prodsprint secrets rotate MAIL_API_KEY',
      }),
      this.view('production', 'PAYMENT_TOKEN', {
        versions: [this.version(2, 'current', 5), this.version(1, 'retired', 80, { endedAt: iso(now - 4 * day) })],
      }),
      this.view('staging', 'PAYMENT_TOKEN', { versions: [this.version(1, 'current', 41)] }),
    ];
  }

  private version(number: number, state: SecretVersion['state'], days: number, more: Partial<SecretVersion> = {}): SecretVersion {
    const at = iso(this.now - days * day);
    const currentAt = state === 'making' ? null : at;
    return {
      number,
      state,
      reference: `set-${number}`,
      slot: number % 2,
      providerId: null,
      by: 'user:ana',
      madeAt: at,
      currentAt,
      endedAt: null,
      ...more,
    };
  }

  private view(environment: string, name: string, more: Partial<SecretView>): SecretView {
    return {
      key: `secret/default/shop/${environment}/${name}`,
      workspace: 'default',
      project: 'shop',
      environment,
      name,
      kind: 'value',
      phase: 'steady',
      versions: [],
      provider: null,
      everyDays: null,
      overlapHours: 24,
      rotateAt: null,
      revokeAt: null,
      waiting: null,
      checkedAt: null,
      drift: null,
      problem: null,
      job: null,
      stateVersion: 1,
      ...more,
    };
  }

  of = (project: string) => this.list.filter((s) => s.project === project);
  find = (project: string, environment: string, name: string) =>
    this.of(project).find((s) => s.environment === environment && s.name === name) ?? none(`secret '${environment}/${name}'`);

  /** Null: not about secrets. */
  command(path: string, user: string, body: Record<string, unknown>): unknown {
    const about = /^projects\/([^/]+)\/secrets\/([^/]+)\/([^/]+)\/(\w+)$/.exec(path);
    const gone = body.delete ? /^projects\/([^/]+)\/secrets\/([^/]+)\/([^/]+)$/.exec(path) : null;
    if (gone) {
      const one = this.find(gone[1]!, gone[2]!, gone[3]!);
      this.list = this.list.map((s) => (s === one ? { ...s, phase: 'removed', drift: null, removedAt: s.versions[0]!.madeAt } : s));
      return { key: path, version: 2 };
    }
    if (!about) return null;
    const [, project, environment, name, what] = about as unknown as [string, string, string, string, string];
    const found = this.find(project, environment, name);
    const answer = { key: `secret/default/${project}/${environment}/${name}`, version: 2 };
    const change = (more: Partial<SecretView>) => {
      this.list = this.list.map((s) => (s === found ? { ...s, ...more, stateVersion: s.stateVersion + 1 } : s));
      return answer;
    };
    if (what === 'versions') {
      if (found instanceof Refused) {
        const made = this.view(environment, name, {
          project,
          kind: body.kind as SecretView['kind'],
          versions: [this.version(1, 'current', 0, { by: `user:${user}` })],
        });
        this.list = [...this.list, made];
        return answer;
      }
      if (found.kind !== body.kind)
        throw new Refused(
          409,
          'It is of another kind',
          `${name} is of another kind, and stays so.`,
          'Give the new one a name of its own',
          'secret.other-kind',
        );
      const next = this.version((found.versions[0]?.number ?? 0) + 1, 'current', 0, { by: `user:${user}` });
      return change({
        versions: [next, ...found.versions.map((v) => (v.state === 'current' ? { ...v, state: 'previous' as const } : v))],
        phase: 'overlap',
      });
    }
    if (found instanceof Refused) throw found;
    switch (what) {
      case 'rotate':
        return change({
          phase: 'verifying',
          drift: null,
          versions: [this.version((found.versions[0]?.number ?? 0) + 1, 'making', 0), ...found.versions],
        });
      case 'schedule':
        return change({ everyDays: body.everyDays as number | null, overlapHours: Number(body.overlapHours) });
      case 'restore':
        return change({
          versions: found.versions.map((v) =>
            v.state === 'current' ? { ...v, state: 'previous' } : v.state === 'previous' ? { ...v, state: 'current' } : v,
          ),
        });
      case 'revoke':
        return change({
          phase: 'steady',
          revokeAt: null,
          versions: found.versions.map((v) => (v.state === 'previous' ? { ...v, state: 'retired', endedAt: iso(this.now) } : v)),
        });
      default:
        return change({ checkedAt: iso(this.now) });
    }
  }
}
