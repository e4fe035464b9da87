import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import type { MembersView, Role } from '../../api/types.ts';
import { invitationPath } from './invitation.ts';

export const membersQuery = queryOptions({ queryKey: ['members'], queryFn: () => ask(api.GET('/v1/members', {})) });

/** user:ana → ana, which is what the API's paths take. */
export const userOf = (actor: string) => actor.replace(/^user:/, '');

export const memberName = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
export const memberNameHint = 'Letters, digits, “.”, “-”, “_” and “@”, 64 at most.';

/** What the person had before their eyes: if someone else was quicker, the server refuses instead of wiping their change out. */
const seen = (members: MembersView) => (members.stateVersion > 0 ? { 'If-Match': `"${members.stateVersion}.seen"` } : {});

export const setMember = (members: MembersView, user: string, roles: Role[], reason: string, key: string) =>
  ask(
    api.PUT('/v1/members/{user}', {
      params: { path: { user }, header: { ...seen(members), 'Idempotency-Key': key } },
      body: { roles, reason },
    }),
  );

export const removeMember = (members: MembersView, user: string, reason: string, key: string) =>
  ask(
    api.DELETE('/v1/members/{user}', {
      params: { path: { user }, query: { reason }, header: { ...seen(members), 'Idempotency-Key': key } },
    }),
  );

export const invite = (roles: Role[], days: number, reason: string) => ask(api.POST('/v1/invitations', { body: { roles, days, reason } }));

export const withdraw = (id: string, key: string) =>
  ask(api.DELETE('/v1/invitations/{id}', { params: { path: { id }, header: { 'Idempotency-Key': key } } }));

export const accept = (secret: string, key: string) =>
  ask(api.POST('/v1/invitations/accept', { params: { header: { 'Idempotency-Key': key } }, body: { secret } }));

/** The secret stands behind the '#': a browser does not send that part, so it is in no server's log and in no Referer. */
export const invitationLink = (origin: string, workspace: string, secret: string) =>
  `${origin}${invitationPath}?workspace=${encodeURIComponent(workspace)}#${secret}`;
