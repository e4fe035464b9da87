import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { Asked } from '../../app/States.tsx';
import { Tag } from '../Gates/Verdict.tsx';
import { currentWorkspace } from '../Tenants/workspace.ts';

const policyQuery = queryOptions({ queryKey: ['security-policy'], queryFn: () => ask(api.GET('/v1/security-policy', {})) });

const setPolicy = (secondFactor: boolean, reason: string, key: string) =>
  ask(api.PUT('/v1/security-policy', { params: { header: { 'Idempotency-Key': key } }, body: { secondFactor, reason } }));

const shared = {
  action: 'SetSecurityPolicy',
  variant: 'default',
  reasonRequired: true,
  changes: ['security-policy'],
} as const;

function Ask() {
  return (
    <CommandWithDialog
      {...shared}
      label="Ask everybody for one"
      title="Ask everybody for a second factor"
      confirm="Ask for it"
      done="Everybody needs a second factor from now on."
      consequence="Whoever has none is led to their account to set one up with their next request, and sees nothing of the workspace before. You need to have shown yours in this session."
      send={(reason, key) => setPolicy(true, reason, key)}
    />
  );
}

function AskNoMore() {
  return (
    <CommandWithDialog
      {...shared}
      label="No longer ask"
      title="No longer ask for a second factor"
      danger
      done="A second factor is everybody’s own choice."
      consequence="Who has a second factor is still asked for it; everybody else comes in with their sign-in alone."
      send={(reason, key) => setPolicy(false, reason, key)}
    />
  );
}

/** What the workspace asks of those who come into it. */
export function SecurityPolicyCard() {
  const policy = useQuery(policyQuery);
  const asked = policy.data?.secondFactor ?? false;
  const organisation = policy.data?.organisation;
  return (
    <Card
      label="Second factor"
      title={
        <>
          Second factor{' '}
          {policy.data && (
            <Tag tone={asked || organisation ? 'good' : 'plain'} small>
              {asked || organisation ? 'Asked of everybody' : 'Own choice'}
            </Tag>
          )}
        </>
      }
      aside={policy.data && (asked ? <AskNoMore /> : <Ask />)}
    >
      <Asked query={policy} what="what the workspace asks for" rows={1} rowHeight={24}>
        {() => (
          <p className="muted">
            {organisation && `Organisation ${organisation} asks everybody in its workspaces for one; its Admins alone can end that. `}
            {asked
              ? `Nobody comes into ${currentWorkspace()} without a one-time password or a passkey.`
              : organisation
                ? 'The workspace itself asks for nothing beside that.'
                : `Each member of ${currentWorkspace()} decides for themselves whether their sign-in is enough.`}
          </p>
        )}
      </Asked>
    </Card>
  );
}
