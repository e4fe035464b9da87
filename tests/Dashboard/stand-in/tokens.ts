import type { DeviceView, TokenRow } from '../../../web/dashboard/src/api/types.ts';
import { none } from './refused.ts';
import { iso } from './release.ts';

/** Tokens, and one program that waits to be let in. */
export class Tokens {
  readonly own: TokenRow[];
  readonly services: TokenRow[];
  devices: DeviceView[];
  readonly answered: string[] = [];

  constructor(private readonly now: number) {
    this.own = [this.row('7f3a', 'nightly report', 'user:ana', ['projects.read'], 3_600_000)];
    this.services = [this.row('91bc', 'deploys from CI', 'service:ci', ['projects.read', 'releases.start'], null)];
    this.devices = [
      {
        userCode: 'WDJB-MJHT',
        client: 'prodsprint on laptop',
        origin: '192.0.2.17',
        requestedAt: iso(now - 20_000),
        expires: iso(now + 580_000),
      },
    ];
  }

  private row(id: string, name: string, owner: string, permissions: string[], usedAgo: number | null): TokenRow {
    return {
      id,
      name,
      owner,
      permissions,
      createdAt: iso(this.now - 864_000_000),
      createdBy: 'user:ana',
      expires: iso(this.now + 1_728_000_000),
      ...(usedAgo === null ? {} : { usedAt: iso(this.now - usedAgo), origin: '198.51.100.4' }),
    };
  }

  device = (code: string) => this.devices.find((d) => d.userCode === code) ?? none('program behind this code');

  /** Null: not about tokens or programs. */
  command(path: string, body: Record<string, unknown>): unknown {
    const about = /^(tokens|service-tokens)(?:\/(\w+))?$/.exec(path);
    if (about) {
      const list = about[1] === 'tokens' ? this.own : this.services;
      if (about[2])
        return list.splice(
          list.findIndex((t) => t.id === about[2]),
          1,
        )[0];
      const id = `new${list.length}`;
      list.push(
        this.row(id, String(body.name), body.service ? `service:${String(body.service)}` : 'user:ana', body.permissions as string[], null),
      );
      return { id, token: `${about[1] === 'tokens' ? 'psp' : 'pss'}_${'0123456789'.repeat(4)}`, expires: iso(this.now + 86_400_000) };
    }
    const device = /^device\/([^/]+)\/(approve|deny)$/.exec(path);
    if (!device) return null;
    this.answered.push(`${device[1]} ${device[2]}`);
    return { key: 'device', version: 0 };
  }
}
