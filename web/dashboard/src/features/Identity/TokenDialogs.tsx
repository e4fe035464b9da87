import { Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { TokenRow } from '../../api/types.ts';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { DaysChoice } from '../../app/DaysChoice.tsx';
import { fullTime } from '../../app/format.ts';
import { NameInput } from '../../app/NameInput.tsx';
import { useDraft } from '../../app/useDraft.ts';
import css from '../Tenants/Members.module.css';
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
  const { draft, set, field, begin } = useDraft({ service: '', name: '', permissions: [] as string[], days: 30 });
  const { permissions, days } = draft;
  const [service, name] = [draft.service.trim(), draft.name.trim()];
  return (
    <CommandWithDialog
      action={ofService ? 'CreateServiceToken' : 'CreateToken'}
      label={ofService ? 'New service token' : 'New token'}
      icon="plus"
      variant="default"
      begin={begin}
      confirm="Make the token"
      ready={name !== '' && permissions.length > 0 && (!ofService || serviceName.test(service))}
      done="Token made."
      consequence={
        ofService
          ? 'Whoever has it acts in this workspace as the service, as far as you say here.'
          : 'Whoever has it acts in this workspace as you, as far as you say here, and never further than you may go yourself at that moment.'
      }
      changes={[ofService ? 'service-tokens' : 'tokens']}
      send={(reason) => {
        const wanted = { name, permissions, days, reason };
        return ofService ? createServiceToken(service, wanted) : createToken(wanted);
      }}
      shownOnce={(made) => ({
        title: 'The token',
        secret: made.token,
        intro: 'Put it where it is needed, and nowhere else.',
        note: (
          <>
            Good until {fullTime(Date.parse(made.expires))}. For scripts: <code>PRODSPRINT_TOKEN</code> in their environment.
          </>
        ),
      })}
    >
      {ofService && (
        <NameInput
          label="Service"
          description="Lower-case letters, digits and “-”"
          shape={serviceName}
          hint="Lower-case letters, digits and “-”, 40 at most."
          {...field('service')}
        />
      )}
      <TextInput label="What it is for" required maxLength={100} data-autofocus={!ofService || undefined} {...field('name')} />
      <Scopes value={permissions} onChange={(value) => set('permissions', value)} />
      <DaysChoice label="Good for" choices={[7, 30, 90, 365]} value={days} onChange={(value) => set('days', value)} />
    </CommandWithDialog>
  );
}

export function EndToken({ token, ofService }: { token: TokenRow; ofService?: boolean }) {
  return (
    <CommandWithDialog
      action={ofService ? 'RevokeServiceToken' : 'RevokeToken'}
      label="Revoke"
      spoken={`Revoke ${token.name}`}
      inRow
      danger
      withReason={false}
      done="Token revoked."
      consequence="It stops working at once. What uses it has to be given another."
      changes={[ofService ? 'service-tokens' : 'tokens']}
      send={(_, key) => (ofService ? revokeServiceToken(token.id, key) : revokeToken(token.id, key))}
    />
  );
}
