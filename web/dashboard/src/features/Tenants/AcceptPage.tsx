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
import { forgetInvitation, takeInvitation } from './invitation.ts';
import { accept, userOf } from './members.ts';
import { currentWorkspace } from './workspace.ts';

export function AcceptPage() {
  useTitle('Invitation');
  const [secret] = useState(takeInvitation);
  const [key] = useState(newKey);
  const me = useQuery(meQuery).data;
  const client = useQueryClient();
  const navigate = useNavigate();
  const join = useMutation({
    mutationFn: () => accept(secret, key),
    onError: (error) => {
      // Used up, or no longer valid; who has to sign in first comes back with it.
      if (error instanceof ApiProblem && error.status >= 400 && error.status < 500 && error.status !== 401) forgetInvitation();
    },
    onSuccess: async () => {
      forgetInvitation();
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
        <Link to="/" onClick={forgetInvitation}>
          Not now
        </Link>
      </div>
    </div>
  );
}
