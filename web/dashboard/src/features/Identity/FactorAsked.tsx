import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { SecondFactorView } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { Icon } from '../../app/Icon.tsx';
import ui from '../../app/ui.module.css';
import { currentWorkspace } from '../Tenants/workspace.ts';
import { safeReturn } from './signIn.ts';
import { sessionQuery } from './sessions.ts';
import { StepUp } from './StepUp.tsx';

/** Led here because the workspace lets nobody in without a second factor: what is missing, and the way back once it is there. */
export function FactorAsked({ factor }: { factor: SecondFactorView }) {
  const search = useSearch({ strict: false }) as { asked?: boolean; returnTo?: string };
  const client = useQueryClient();
  const session = useQuery({ ...sessionQuery, enabled: search.asked === true }).data;
  if (!search.asked || !session) return null;
  const workspace = currentWorkspace();
  const has = factor.totp || factor.passkeys > 0;
  return (
    <Card label={`${workspace} asks for a second factor`}>
      {session.factorAt ? (
        <div className={ui.row} role="status">
          <Icon name="check" size={18} /> You have shown yours: {workspace} is open to you.
          <Button onClick={() => location.assign(safeReturn(search.returnTo))}>Go on</Button>
        </div>
      ) : has ? (
        <>
          <p className="muted">You have one, and have not shown it since you signed in.</p>
          <StepUp done={() => void client.invalidateQueries({ queryKey: ['session'] })} />
        </>
      ) : (
        <p>
          Nobody comes in without one, and you have none yet. Set up one-time passwords or a passkey below; it takes a minute, and then you
          go on where you wanted to.
        </p>
      )}
    </Card>
  );
}
