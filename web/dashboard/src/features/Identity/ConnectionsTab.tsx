import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { newKey } from '../../api/client.ts';
import type { ConnectionTested, ConnectionView } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { fullTime, none } from '../../app/format.ts';
import { Icon } from '../../app/Icon.tsx';
import { Asked, Command, Empty, Failure } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { rolesText } from '../Tenants/roles.ts';
import { CommandButton } from './CommandButton.tsx';
import { AddConnection, AddDomain, DisconnectDirectory, RemoveConnection, ScimToken } from './ConnectionDialogs.tsx';
import { EditConnection } from './ConnectionSettings.tsx';
import { connectionsQuery, dropDomain, testConnection, verifyDomain } from './connections.ts';
import css from './Connections.module.css';
import { ChangeGroups, GroupsText } from './GroupRoles.tsx';
import { SecurityPolicyCard } from './SecurityPolicyCard.tsx';

/** Step by step, as far as it works. */
function Tested({ result }: { result: ConnectionTested }) {
  return (
    <div role="status" aria-label="What the test found">
      <ol className={css.steps}>
        {result.steps.map((step) => (
          <li key={step.name} data-ok={step.ok}>
            <Icon name={step.ok ? 'check' : 'cross'} size={16} />
            <div>
              <strong>{step.name}</strong> <span className="sr-only">{step.ok ? 'works' : 'fails'}</span>
              <p className={ui.small}>{step.detail}</p>
              {step.next && <p className={ui.small}>Next: {step.next}</p>}
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Domains({ connection }: { connection: ConnectionView }) {
  const client = useQueryClient();
  const drop = useMutation({
    mutationFn: (domain: string) => dropDomain(connection.id, domain, newKey()),
    onSuccess: () => client.invalidateQueries({ queryKey: ['connections'] }),
  });
  const verify = useMutation({
    mutationFn: (domain: string) => verifyDomain(connection.id, domain, newKey()),
    onSuccess: () => client.invalidateQueries({ queryKey: ['connections'] }),
  });
  return (
    <div className={ui.row}>
      {connection.domains.length === 0 && <span className="muted">none: nobody is led here by their address</span>}
      {connection.domains.map(({ domain }) => (
        <span key={domain} className={css.domain}>
          {domain}
          <CommandButton
            action="DropDomain"
            size="compact-xs"
            variant="subtle"
            aria-label={`Let ${domain} go`}
            onClick={() => drop.mutate(domain)}
          >
            <Icon name="cross" size={12} />
          </CommandButton>
        </span>
      ))}
      <AddDomain connection={connection} />
      {connection.domains
        .filter(({ provenAt }) => !provenAt)
        .map(({ domain, record, value }) => (
          <p key={domain} className={ui.small}>
            {domain} is not proven, so nobody is led here by it. Make a TXT record <code>{record}</code> with <code>{value}</code>, then{' '}
            <CommandButton
              action="VerifyDomain"
              size="compact-xs"
              variant="light"
              aria-label={`Verify ${domain}`}
              loading={verify.isPending && verify.variables === domain}
              onClick={() => verify.mutate(domain)}
            >
              Verify
            </CommandButton>
          </p>
        ))}
      {connection.domains
        .filter(({ daysLeft }) => daysLeft != null)
        .map(({ domain, record, value, daysLeft }) => (
          <p key={domain} className={ui.small}>
            The DNS of {domain} does not prove it any more. Make the TXT record <code>{record}</code> with <code>{value}</code> again:
            without it the domain leads here for {daysLeft} more {daysLeft === 1 ? 'day' : 'days'}.
          </p>
        ))}
      {verify.error && <Failure error={verify.error} what="The proof" />}
      {drop.error && <Failure error={drop.error} what="The domain" />}
    </div>
  );
}

function firstTime({ justInTime, groupRoles, defaultRoles }: ConnectionView) {
  if (!justInTime) return 'is let in when the directory has made them';
  return `becomes ${groupRoles.length > 0 ? 'what their groups say' : rolesText(defaultRoles) || 'a member without a role'}`;
}

function DirectoryText({ connection: { scim, scimExpiresAt, scimUsedAt } }: { connection: ConnectionView }) {
  if (!scimExpiresAt) return 'not connected';
  if (!scim) return `token ended ${fullTime(Date.parse(scimExpiresAt))}`;
  return `connected until ${fullTime(Date.parse(scimExpiresAt))}, last use ${scimUsedAt ? fullTime(Date.parse(scimUsedAt)) : 'never'}`;
}

function Connection({ connection: c }: { connection: ConnectionView }) {
  const settings = [c.stateVersion, ...c.domains.map(({ domain }) => domain)].join(' ');
  const test = useMutation({ mutationFn: async () => ({ settings, result: await testConnection(c.id, newKey()) }) });
  // What was found of other settings says nothing of these.
  const found = test.data?.settings === settings ? test.data.result : null;
  return (
    <Card
      label={c.name}
      title={
        <>
          {c.name}{' '}
          <Tag tone="plain" small>
            {c.kind === 'saml' ? 'SAML 2.0' : 'OpenID Connect'}
          </Tag>{' '}
          {!c.enabled && (
            <Tag tone="hold" small>
              Off
            </Tag>
          )}
        </>
      }
      aside={
        <span className={ui.row}>
          <CommandButton
            action="TestConnection"
            size="compact-sm"
            leftSection={<Icon name="play" size={13} />}
            loading={test.isPending}
            onClick={() => test.mutate()}
            aria-label={`Test ${c.name}`}
          >
            Test
          </CommandButton>
          <EditConnection connection={c} />
          <RemoveConnection connection={c} />
        </span>
      }
    >
      <div className={ui.stack} style={{ gap: 16 }}>
        {test.error && <Failure error={test.error} what="The test" />}
        {found && <Tested result={found} />}
        <dl className={css.facts}>
          <div>
            <dt>Provider</dt>
            <dd>{c.issuer ?? c.entityId ?? none}</dd>
          </div>
          <div>
            <dt>Domains</dt>
            <dd>
              <Domains connection={c} />
            </dd>
          </div>
          <div>
            <dt>Who comes for the first time</dt>
            <dd>{firstTime(c)}</dd>
          </div>
          <div>
            <dt>Roles by group</dt>
            <dd className={ui.row}>
              <GroupsText groups={c.groupRoles} /> <ChangeGroups connection={c} />
            </dd>
          </div>
          <div>
            <dt>Directory (SCIM)</dt>
            <dd className={ui.row}>
              <DirectoryText connection={c} /> <ScimToken connection={c} />
              {c.scim && <DisconnectDirectory connection={c} />}
            </dd>
          </div>
          {c.scim && (
            <div>
              <dt>SCIM address, for the directory</dt>
              <dd>
                <Command line={c.scimBase} />
              </dd>
            </div>
          )}
          <div>
            <dt>{c.kind === 'saml' ? 'Reply address, to register at the provider' : 'Redirect address, to register at the provider'}</dt>
            <dd>
              <Command line={c.callback} />
            </dd>
          </div>
          {c.metadata && (
            <div>
              <dt>Our metadata</dt>
              <dd>
                <Command line={c.metadata} />
              </dd>
            </div>
          )}
        </dl>
      </div>
    </Card>
  );
}

/** The workspace's own ways to sign in, and what it asks for beside them. */
export function ConnectionsTab() {
  return (
    <div className={ui.page}>
      <div className={ui.top}>
        <h2>Single sign-on</h2>
        <AddConnection />
      </div>
      <Asked
        query={useQuery(connectionsQuery)}
        what="the connections"
        rows={1}
        rowHeight={200}
        empty={
          <Empty icon="key" title="No connection of your own">
            Let people sign in where your organisation keeps them: any OpenID Connect or SAML 2.0 provider, with roles by group and a
            directory that takes away what ends.
          </Empty>
        }
      >
        {(list) => list.map((c) => <Connection key={c.id} connection={c} />)}
      </Asked>
      <SecurityPolicyCard />
    </div>
  );
}
