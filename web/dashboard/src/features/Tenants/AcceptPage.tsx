import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem, newKey } from '../../api/client.ts';
import { Empty, Failure } from '../../app/States.tsx';
import { useTitle } from '../../app/title.ts';
import ui from '../../app/ui.module.css';
import { meQuery } from '../Identity/permissions.ts';
import css from './Members.module.css';
import { accept, userOf } from './members.ts';
import { currentWorkspace } from './workspace.ts';

const kept = 'prodsprint-invitation';

/**
 * Where an invitation's link leads. The secret leaves the address bar as soon as it has been read, and so the history too; this tab keeps it, because whoever is not signed in yet
 * is led away and comes back without it.
 */
function takeSecret(): string {
  const secret = location.hash.slice(1);
  try {
    if (!secret) return sessionStorage.getItem(kept) ?? '';
    sessionStorage.setItem(kept, secret);
  } catch {
    // Without storage the link has to be opened again after the sign-in.
  }
  history.replaceState(history.state, '', location.pathname + location.search);
  return secret;
}

function forgetSecret() {
  try {
    sessionStorage.removeItem(kept);
  } catch {
    // Nothing was kept.
  }
}

export function AcceptPage() {
  useTitle('Invitation');
  const [secret] = useState(takeSecret);
  const [key] = useState(newKey);
  const me = useQuery(meQuery).data;
  const client = useQueryClient();
  const navigate = useNavigate();
  const join = useMutation({
    mutationFn: () => accept(secret, key),
    onError: (error) => {
      // Used up, or no longer valid; who has to sign in first comes back with it.
      if (error instanceof ApiProblem && error.status >= 400 && error.status < 500 && error.status !== 401) forgetSecret();
    },
    onSuccess: async () => {
      forgetSecret();
      await client.invalidateQueries();
      await navigate({ to: '/' });
    },
  });
  if (!secret)
    return (
      <>
        <h1 className="sr-only">Invitation</h1>
        <Empty icon="people" title="This link has no invitation in it" action={<Link to="/">Go to Now</Link>}>
          Open it as it was sent to you, with all that follows the “#”. Each link works once.
        </Empty>
      </>
    );
  return (
    <div className={css.accept}>
      <h1>Join {currentWorkspace()}</h1>
      <p>
        You were invited to the workspace <strong>{currentWorkspace()}</strong>
        {me && (
          <>
            . You join as <strong>{userOf(me.actor)}</strong>
          </>
        )}
        ; what you may do there the invitation says. It works once.
      </p>
      {join.error && <Failure error={join.error} what="The invitation" />}
      <div className={ui.row}>
        <Button onClick={() => join.mutate()} loading={join.isPending}>
          Join
        </Button>
        <Link to="/" onClick={forgetSecret}>
          Not now
        </Link>
      </div>
    </div>
  );
}
