const kept = 'prodsprint-invitation';
/** Where an invitation's link leads. */
export const invitationPath = '/invitations/accept';

/**
 * The secret leaves the address bar as soon as it has been read, and so the history too; this tab keeps it, because whoever is not signed in yet is led away
 * and comes back without it.
 */
export function takeInvitation(): string {
  const secret = location.hash.slice(1);
  try {
    if (!secret) return sessionStorage.getItem(kept) ?? '';
    sessionStorage.setItem(kept, secret);
  } catch {
    // Without storage it stays in the address, and the link has to be opened again after a sign-in.
    return secret;
  }
  history.replaceState(history.state, '', location.pathname + location.search);
  return secret;
}

export function forgetInvitation() {
  try {
    sessionStorage.removeItem(kept);
  } catch {
    // Nothing was kept.
  }
}
