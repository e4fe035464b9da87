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

export function onUserChanged(tell: () => void) {
  listeners.add(tell);
  return () => void listeners.delete(tell);
}
