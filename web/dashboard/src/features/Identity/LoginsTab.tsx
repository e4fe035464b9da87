import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { LoginView, SignInWay } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { Asked, Empty } from '../../app/States.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useDraft } from '../../app/useDraft.ts';
import { linkable, loginsQuery, providerName, startLinking, unlinkLogin } from './logins.ts';
import { configQuery } from './signIn.ts';

function Link({ ways }: { ways: SignInWay[] }) {
  const { draft, set, begin } = useDraft({ provider: ways[0]!.id });
  return (
    <CommandWithDialog
      action="LinkLogin"
      label="Link another login"
      icon="plus"
      variant="default"
      begin={begin}
      confirm={`Sign in at ${providerName(ways, draft.provider)}`}
      later="never"
      withReason={false}
      done="Sign in there to link it."
      consequence="You sign in there, in this browser. From then on that login opens this account as well."
      send={async () => location.assign(await startLinking(draft.provider))}
    >
      <Select
        label="Where"
        value={draft.provider}
        onChange={(provider) => set('provider', provider!)}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        data={ways.map((way) => ({ value: way.id, label: way.name }))}
        data-autofocus
      />
    </CommandWithDialog>
  );
}

function Row({ login, provider, last }: { login: LoginView; provider: string; last: boolean }) {
  const as = login.email ?? login.name ?? login.id;
  return (
    <tr>
      <td>
        <strong>{provider}</strong>
      </td>
      <td>
        {as}
        {login.email && !login.emailVerified && <span className={`${ui.small} muted`}> not verified there</span>}
      </td>
      <td className={`${ui.wide} muted`}>
        <Ago at={login.linkedAt} />
      </td>
      <td>
        <Ago at={login.usedAt} />
      </td>
      <RowCommands>
        {last ? (
          <span className={`${ui.small} muted`}>the last one stays</span>
        ) : (
          <CommandWithDialog
            action="UnlinkLogin"
            label="Unlink"
            spoken={`Unlink ${as} of ${provider}`}
            inRow
            title={`Unlink ${provider}`}
            danger
            withReason={false}
            done={`${provider} is unlinked.`}
            consequence={`${as} opens this account no more. Sessions that were begun with it go on until they end, or you end them.`}
            changes={['logins']}
            send={(_, key) => unlinkLogin(login.id, key)}
          />
        )}
      </RowCommands>
    </tr>
  );
}

/** The accounts elsewhere that open this one. */
export function LoginsTab() {
  const ways = linkable(useQuery(configQuery).data?.signIn ?? []);
  return (
    <Card label="Logins" title="What opens your account" aside={ways.length > 0 && <Link ways={ways} />}>
      <Asked
        query={useQuery(loginsQuery)}
        what="your logins"
        rows={2}
        rowHeight={44}
        empty={
          <Empty icon="key" title="No login opens this account">
            {ways.length > 0
              ? 'You came in another way. Link one, and you need nothing else to come back.'
              : 'This server has no providers to sign in at: whoever runs it names them in its configuration.'}
          </Empty>
        }
      >
        {(list) => (
          <Table label="List of logins" columns={['Where', 'As', { head: 'Linked', wide: true }, 'Last used']} commands>
            {list.map((login) => (
              <Row key={login.id} login={login} provider={providerName(ways, login.provider)} last={list.length === 1} />
            ))}
          </Table>
        )}
      </Asked>
    </Card>
  );
}
