import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoginView, SessionRow, SessionView, WorkspacePolicy } from '../../../web/dashboard/src/api/types.ts';
import { Refused } from './refused.ts';
import { iso } from './release.ts';

const csrf = 'forgery-proof';

/** A server that wants to know who one is. Until `signIn`, it believes what it is told. */
export class Accounts {
  /** Null: development mode. */
  account: string | null = null;
  /** The access token still holds. */
  fresh = true;
  /** The session does. */
  alive = true;
  refreshes = 0;
  sessions: SessionRow[] = [];
  logins: LoginView[] = [];
  policy: WorkspacePolicy = { secondFactor: false };
  /** Who one is was shown lately enough for what cannot be taken back. */
  proven = true;
  /** When a second factor was shown in this session. */
  factorAt?: string;

  constructor(private readonly now: number) {}

  /** From now on one is ana by a session, in this and another browser. */
  signIn(account = 'ana') {
    this.account = account;
    const row = (n: number, agent: string, ago: number, current: boolean): SessionRow => ({
      id: `0199f0a2-0000-7000-8000-00000000000${n}`,
      how: n === 3 ? 'device' : 'google',
      createdAt: iso(this.now - ago * 10),
      usedAt: iso(this.now - ago),
      endsAt: iso(this.now + 14 * 86_400_000),
      origin: n === 1 ? '127.0.0.1' : '192.0.2.17',
      agent,
      current,
    });
    const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
    const safari = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1';
    this.sessions = [row(1, chrome, 4_000, true), row(2, safari, 7_200_000, false), row(3, 'prodsprint/1.0', 90_000_000, false)];
    const login = (provider: string, name: string, ago: number): LoginView => ({
      id: `login-${provider}`,
      provider,
      email: `${account}@${name}`,
      emailVerified: true,
      linkedAt: iso(this.now - 400 * ago),
      usedAt: iso(this.now - ago),
    });
    this.logins = [login('google', 'acme.example', 7_200_000), login('github', 'users.example', 400_000_000)];
    return [{ name: 'prodsprint-csrf', value: csrf }];
  }

  session = (): SessionView => ({
    id: this.sessions[0]!.id,
    account: this.account!,
    authenticatedAt: iso(this.now),
    factorAt: this.factorAt,
    stepUpUntil: iso(this.now + 900_000),
    endsAt: iso(this.now + 14 * 86_400_000),
    needsFactor: false,
    administrator: false,
  });

  /** Who asks; refused unless they may be believed. */
  userOf(request: IncomingMessage, path: string): string {
    if (this.account === null) return String(request.headers['x-prodsprint-user'] ?? '');
    if (path === 'session/refresh' || path === 'config' || path.startsWith('sign-in/')) return '';
    if (!this.alive || !this.fresh)
      throw new Refused(401, 'Not signed in', 'What you were signed in with is not valid.', 'Sign in', 'session.expired');
    if (request.method !== 'GET' && request.headers['x-csrf-token'] !== csrf)
      throw new Refused(403, 'Not sent by the dashboard', 'The header X-CSRF-Token is missing.', 'Send it', 'request.forged');
    return this.account;
  }

  /** Null: not about sessions. */
  command(path: string, method: string, response: ServerResponse): unknown {
    if (path === 'session/refresh') {
      this.refreshes++;
      if (!this.alive) {
        response.setHeader('Set-Cookie', 'prodsprint-csrf=; Max-Age=0; Path=/');
        throw new Refused(401, 'Not signed in', 'The session is over.', 'Sign in', 'session.over');
      }
      this.fresh = true;
      return { account: this.account, accessExpires: iso(this.now), endsAt: iso(this.now) };
    }
    if (path === 'session/confirm') {
      this.proven = true;
      this.factorAt = iso(this.now);
      return { confirmed: true };
    }
    if (path.startsWith('me/logins') && !this.proven)
      throw new Refused(
        403,
        'Show that it is you',
        'This needs a proof of you that is not older than 15 min.',
        'Confirm',
        'session.step-up',
      );
    if (path === 'me/logins') return { location: '/sign-in/start/github?link=1' };
    if (path.startsWith('me/logins/')) {
      this.logins = this.logins.filter((one) => !path.endsWith(one.id));
      return { items: this.logins, next: null };
    }
    if (method !== 'DELETE' || !path.startsWith('session')) return null;
    const before = this.sessions.length;
    if (path === 'session') {
      this.alive = false;
      response.setHeader('Set-Cookie', 'prodsprint-csrf=; Max-Age=0; Path=/');
    } else this.sessions = this.sessions.filter((s) => (path === 'sessions' ? s.current : !path.endsWith(s.id)));
    return { ended: before - this.sessions.length };
  }
}

export const quotas = [
  { name: 'projects', limit: 1000, used: 3, unit: 'projects', over: 'An import is refused.' },
  { name: 'concurrent-builds', limit: 4, used: 4, unit: 'builds', over: 'A build waits for its turn.' },
  { name: 'telemetry', limit: 20_000, used: 18_400, unit: 'requests/s', over: 'What is beyond is counted, and not broken down.' },
  { name: 'storage', limit: 21_474_836_480, used: 3_221_225_472, unit: 'bytes', over: 'What would be kept is refused.' },
];
