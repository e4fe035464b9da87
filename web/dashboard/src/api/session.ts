import createClient from 'openapi-fetch';
import type { paths } from './schema.ts';

/**
 * The browser's session is in cookies that scripts cannot read; this one they can, and what it says is sent back with every change, which only a page of
 * ours can do.
 */
const forgeryCookies = ['__Host-prodsprint-csrf', 'prodsprint-csrf'];
export const forgeryHeader = 'X-CSRF-Token';

export function forgeryToken(cookies: string = document.cookie): string | null {
  for (const pair of cookies.split('; ')) {
    const at = pair.indexOf('=');
    if (at > 0 && forgeryCookies.includes(pair.slice(0, at))) return decodeURIComponent(pair.slice(at + 1)) || null;
  }
  return null;
}

/** Signed in by a session; in development mode one may be here without. */
export const hasSession = () => forgeryToken() !== null;

/** Past the wrapper that asks for a new access token when one has run out: that is what this one does. */
const plain = createClient<paths>({ baseUrl: '' });
let renewing: Promise<boolean> | null = null;

/** How often it was renewed: a request that was on its way meanwhile need not renew it again. */
let renewals = 0;
export const renewalsSoFar = () => renewals;

/**
 * A new access token for the refresh token in the cookie, however many requests find theirs run out. False: the session is over.
 * @param seen what renewalsSoFar() said when the request went out
 */
export async function renewSession(seen: number): Promise<boolean> {
  return renewals !== seen || (renewing ??= renew().finally(() => (renewing = null)));
}

async function renew(): Promise<boolean> {
  if (!hasSession()) return false;
  const { response } = await plain.POST('/v1/session/refresh', { headers: { [forgeryHeader]: forgeryToken() ?? '' } });
  if (response.ok) renewals++;
  return response.ok;
}

const signInPath = '/sign-in';

/** Where somebody signs in, and is brought back from. */
export const signInAddress = (from: string, over: boolean) =>
  `${signInPath}?${new URLSearchParams({ returnTo: from, ...(over ? { error: 'session.over' } : {}) })}`;

/** The server does not know who we are: the page that is left is come back to. */
export function goToSignIn(over: boolean) {
  const { pathname, search } = location;
  if (!pathname.startsWith(signInPath)) location.assign(signInAddress(pathname + search, over));
}

const securityPath = '/account/security';

/** The workspace asks for a second factor that this session has not shown: where one sets it up, and is brought back from. What is about oneself stays open. */
export function goToSetUp() {
  const { pathname, search } = location;
  if (![signInPath, '/account', '/device', '/invitations'].some((own) => pathname.startsWith(own)))
    location.assign(`${securityPath}?${new URLSearchParams({ asked: 'true', returnTo: pathname + search })}`);
}

/** Signed in, and the second factor has not been shown yet. */
export function goToConfirm() {
  const { pathname, search } = location;
  if (!pathname.startsWith(signInPath)) location.assign(`${signInPath}/confirm?${new URLSearchParams({ returnTo: pathname + search })}`);
}
