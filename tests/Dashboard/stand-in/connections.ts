import type { ConnectionTested, ConnectionView, SignInFault, SignInWay } from '../../../web/dashboard/src/api/types.ts';
import { iso } from './release.ts';

export const ways: SignInWay[] = [
  { id: 'google', kind: 'google', name: 'Google', start: '/sign-in/start/google' },
  { id: 'github', kind: 'github', name: 'GitHub', start: '/sign-in/start/github' },
];

export const faults: SignInFault[] = [
  {
    code: 'signin.provider-down',
    title: 'The sign-in provider does not answer.',
    next: 'Try again in a few minutes, or sign in another way',
  },
  { code: 'signin.expired', title: 'This sign-in took longer than ten minutes.', next: 'Start again' },
];

/** The workspace's own ways to sign in. */
export class Connections {
  list: ConnectionView[];

  constructor(private readonly now: number) {
    this.list = [this.view('acme0oidc000', 'oidc', 'Acme', ['acme.example'])];
  }

  /** As outside Production: an Admin's word will do. */
  private domain(domain: string): ConnectionView['domains'][number] {
    const at = iso(this.now);
    return {
      domain,
      statedBy: 'user:ana',
      statedAt: at,
      record: `_prodsprint-challenge.${domain}`,
      value: 'prodsprint-domain=stand-in',
      provenAt: at,
      proof: 'stated',
      missed: 0,
    };
  }

  private view(id: string, kind: string, name: string, domains: string[]): ConnectionView {
    return {
      id,
      kind,
      name,
      enabled: true,
      issuer: 'https://login.acme.example',
      clientId: 'prodsprint',
      scopes: ['openid', 'email', 'profile'],
      hasSecret: kind === 'oidc',
      certificates: [],
      justInTime: true,
      defaultRoles: ['viewer'],
      groupRoles: [],
      domains: domains.map((domain) => this.domain(domain)),
      callback: `https://ship.example.com/sign-in/callback/${id}`,
      scimBase: 'https://ship.example.com/scim/v2',
      scim: false,
      scimExpiresAt: null,
      scimUsedAt: null,
      stateVersion: 1,
      createdAt: iso(this.now - 86_400_000),
    };
  }

  route(email: string): { way?: SignInWay } {
    const found = this.list.find((c) => c.domains.some((d) => email.endsWith(`@${d.domain}`)));
    return found ? { way: { id: found.id, kind: 'sso', name: found.name, start: `/sign-in/start/${found.id}` } } : {};
  }

  /** Null: not about connections. */
  command(path: string, body: Record<string, unknown>): unknown {
    const about = /^connections(?:\/([^/]+))?(?:\/(.+))?$/.exec(path);
    if (!about) return null;
    const [, id, what] = about;
    if (!id) {
      this.list.push(this.view(`new${this.list.length}`, String(body.kind), String(body.name), []));
      return this.list.at(-1);
    }
    const found = this.list.find((c) => c.id === id)!;
    if (what === 'test')
      return {
        ok: false,
        steps: [
          { name: 'Discovery', ok: true, detail: 'https://login.acme.example/.well-known/openid-configuration names the issuer.' },
          {
            name: 'Keys',
            ok: false,
            detail: 'No answer within 5 s.',
            next: 'See that this server reaches https://login.acme.example/keys',
          },
        ],
      } satisfies ConnectionTested;
    if (what === 'settings') {
      const { reason: _, clientSecret: __, metadataUrl: ___, ...settings } = body;
      return Object.assign(found, settings, { stateVersion: found.stateVersion + 1 });
    }
    if (what === 'scim-token' && body.delete) return Object.assign(found, { scim: false, scimExpiresAt: null });
    if (what === 'scim-token') {
      found.scim = true;
      found.scimExpiresAt = '2027-11-20T09:00:00Z';
      return { base: found.scimBase, expires: found.scimExpiresAt, secret: `psd_${'9'.repeat(40)}` };
    }
    const domain = /^domains\/(.+)$/.exec(what ?? '')?.[1];
    if (domain && body.delete) found.domains = found.domains.filter((d) => d.domain !== domain);
    else if (domain) found.domains.push(this.domain(domain));
    else this.list = this.list.filter((c) => c !== found);
    return found;
  }
}
