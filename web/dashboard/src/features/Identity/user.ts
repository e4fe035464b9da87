import { forgeryToken } from '../../api/session.ts';

/**
 * The development identity: a name in a header, until sign-in exists. Kept in this browser, so that two windows can be two people
 * (an author cannot approve their own plan).
 */
const storageKey = 'prodsprint-user';
export const suggestedUsers = ['ana', 'ben'] as const;

const listeners = new Set<() => void>();
let user = read();

function read(): string {
  try {
    return localStorage.getItem(storageKey) || suggestedUsers[0];
  } catch {
    return suggestedUsers[0];
  }
}

export const currentUser = () => user;

export function becomeUser(name: string) {
  user = name;
  try {
    localStorage.setItem(storageKey, name);
  } catch {
    // Without storage the choice lasts until the page is left.
  }
  listeners.forEach((tell) => tell());
}

const accountKey = 'prodsprint-account';

/** Whose the session is. The forgery token is the session's own: what was remembered with another one is about somebody else. */
export function rememberAccount(account: string, token: string) {
  try {
    localStorage.setItem(accountKey, JSON.stringify({ account, token }));
  } catch {
    // Without storage it is asked for when it is needed.
  }
}

/** Who acts in this browser; null: somebody is signed in, and the server has not said yet who. */
export function actingAs(): string | null {
  const token = forgeryToken();
  if (token === null) return user;
  try {
    const known = JSON.parse(localStorage.getItem(accountKey) ?? 'null') as { account: string; token: string } | null;
    return known?.token === token ? known.account : null;
  } catch {
    return null;
  }
}

export function onUserChanged(tell: () => void) {
  listeners.add(tell);
  return () => void listeners.delete(tell);
}
