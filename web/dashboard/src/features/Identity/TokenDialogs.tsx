import { Checkbox, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { TokenMade, TokenRow } from '../../api/types.ts';
import { fullTime } from '../../app/format.ts';
import { Icon } from '../../app/Icon.tsx';
import { ShownOnce } from '../../app/ShownOnce.tsx';
import { CommandDialog } from '../Releases/CommandDialog.tsx';
import css from '../Tenants/Members.module.css';
import { CommandButton } from './CommandButton.tsx';
import { meQuery, permissionsQuery } from './permissions.ts';
import { createServiceToken, createToken, grantable, revokeServiceToken, revokeToken, serviceName } from './tokens.ts';

function Scopes({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const table = useQuery(permissionsQuery).data ?? [];
  const me = useQuery(meQuery).data;
  return (
    <fieldset className={css.choice}>
      <legend>May</legend>
      {me &&
        grantable(table, me).map((p) => (
          <Checkbox
            key={p.name}
            size="xs"
            label={p.meaning}
            description={<code>{p.name}</code>}
            checked={value.includes(p.name)}
            onChange={(e) => onChange(e.currentTarget.checked ? [...value, p.name] : value.filter((name) => name !== p.name))}
          />
        ))}
    </fieldset>
  );
}

/** One's own, or one of a service. */
export function MakeToken({ ofService }: { ofService?: boolean }) {
  const [opened, setOpened] = useState(false);
  const [service, setService] = useState('');
  const [name, setName] = useState('');
  const [permissions, setPermissions] = useState<string[]>([]);
  const [days, setDays] = useState('30');
  const [made, setMade] = useState<TokenMade | null>(null);
  const client = useQueryClient();
  const badService = ofService === true && !serviceName.test(service);
  return (
    <>
      <CommandButton
        action={ofService ? 'CreateServiceToken' : 'CreateToken'}
        variant="default"
        leftSection={<Icon name="plus" size={16} />}
        onClick={() => {
          setName('');
          setService('');
          setPermissions([]);
          setOpened(true);
        }}
      >
        {ofService ? 'New service token' : 'New token'}
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title={ofService ? 'New service token' : 'New token'}
        confirm="Make the token"
        later="never"
        ready={name.trim() !== '' && permissions.length > 0 && !badService}
        done="Token made."
        consequence={
          ofService
            ? 'Whoever has it acts in this workspace as the service, as far as you say here.'
            : 'Whoever has it acts in this workspace as you, as far as you say here, and never further than you may go yourself at that moment.'
        }
        send={async (reason) => {
          const wanted = { name: name.trim(), permissions, days: Number(days), reason };
          setMade(await (ofService ? createServiceToken(service, wanted) : createToken(wanted)));
          void client.invalidateQueries({ queryKey: [ofService ? 'service-tokens' : 'tokens'] });
        }}
      >
        {ofService && (
          <TextInput
            label="Service"
            description="Lower-case letters, digits and “-”"
            required
            value={service}
            onChange={(e) => setService(e.currentTarget.value)}
            error={service !== '' && badService ? 'Lower-case letters, digits and “-”, 40 at most.' : null}
            autoComplete="off"
            data-autofocus
          />
        )}
        <TextInput
          label="What it is for"
          required
          maxLength={100}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
          autoComplete="off"
          data-autofocus={!ofService || undefined}
        />
        <Scopes value={permissions} onChange={setPermissions} />
        <div className={css.days}>
          <span id="token-days">Good for</span>
          <SegmentedControl
            size="xs"
            aria-labelledby="token-days"
            value={days}
            onChange={setDays}
            data={[
              { value: '7', label: '7 days' },
              { value: '30', label: '30 days' },
              { value: '90', label: '90 days' },
              { value: '365', label: '1 year' },
            ]}
          />
        </div>
      </CommandDialog>
      <ShownOnce
        title="The token"
        secret={made?.token ?? null}
        close={() => setMade(null)}
        intro="Put it where it is needed, and nowhere else."
      >
        {made && (
          <>
            Good until {fullTime(Date.parse(made.expires))}. For scripts: <code>PRODSPRINT_TOKEN</code> in their environment.
          </>
        )}
      </ShownOnce>
    </>
  );
}

export function EndToken({ token, ofService }: { token: TokenRow; ofService?: boolean }) {
  const [opened, setOpened] = useState(false);
  const client = useQueryClient();
  return (
    <>
      <CommandButton
        action={ofService ? 'RevokeServiceToken' : 'RevokeToken'}
        size="compact-sm"
        variant="default"
        aria-label={`Revoke ${token.name}`}
        onClick={() => setOpened(true)}
      >
        Revoke
      </CommandButton>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title={`Revoke ${token.name}`}
        confirm="Revoke"
        danger
        withReason={false}
        done="Token revoked."
        consequence="It stops working at once. What uses it has to be given another."
        send={async (_, key) => {
          await (ofService ? revokeServiceToken(token.id, key) : revokeToken(token.id, key));
          await client.invalidateQueries({ queryKey: [ofService ? 'service-tokens' : 'tokens'] });
        }}
      />
    </>
  );
}
