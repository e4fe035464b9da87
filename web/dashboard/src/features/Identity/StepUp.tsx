import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { goToSignIn } from '../../api/session.ts';
import { Failure } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { canPasskey, confirmByCode, confirmByPasskey, secondFactorQuery } from './secondFactor.ts';

/** Before what cannot be taken back, and where a second factor is asked for: show that it is you, with what you have. */
export function StepUp({ done }: { done: () => void }) {
  const have = useQuery(secondFactorQuery).data;
  const [code, setCode] = useState('');
  const byCode = useMutation({ mutationFn: () => confirmByCode(code.trim()), onSuccess: done });
  const byPasskey = useMutation({ mutationFn: confirmByPasskey, onSuccess: done });
  const failure = byCode.error ?? byPasskey.error;
  return (
    <div className={ui.stack} role="group" aria-label="Show that it is you">
      {have?.totp && (
        <div className={ui.row} style={{ alignItems: 'flex-end' }}>
          <TextInput
            label="Code of your authenticator, or a recovery code"
            value={code}
            onChange={(e) => setCode(e.currentTarget.value)}
            autoComplete="one-time-code"
            inputMode="numeric"
          />
          <Button variant="default" disabled={!code.trim()} loading={byCode.isPending} onClick={() => byCode.mutate()}>
            Confirm
          </Button>
        </div>
      )}
      <div className={ui.row}>
        {(have?.passkeys ?? 0) > 0 && canPasskey() && (
          <Button variant="default" loading={byPasskey.isPending} onClick={() => byPasskey.mutate()}>
            Confirm with a passkey
          </Button>
        )}
        <Button variant="subtle" onClick={() => goToSignIn(false)}>
          Sign in again
        </Button>
      </div>
      {failure && <Failure error={failure} what="The proof" />}
    </div>
  );
}
