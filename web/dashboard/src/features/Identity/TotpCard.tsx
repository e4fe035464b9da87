import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SecondFactorView, TotpStarted } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { Command, Failure } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { CommandButton } from './CommandButton.tsx';
import { confirmTotp, newRecoveryCodes, removeTotp, startTotp } from './secondFactor.ts';
import css from './SecondFactor.module.css';

const secretOf = (started: TotpStarted) => started.secret.replace(/(.{4})(?=.)/g, '$1 ');

function SetUp({ started, close, done }: { started: TotpStarted; close: () => void; done: (codes: string[]) => void }) {
  const [code, setCode] = useState('');
  const confirm = useMutation({ mutationFn: () => confirmTotp(code.trim()), onSuccess: ({ codes }) => done(codes) });
  return (
    <Modal opened onClose={close} title="Set up one-time passwords">
      <form
        className={ui.stack}
        onSubmit={(e) => {
          e.preventDefault();
          confirm.mutate();
        }}
      >
        <p>Scan this with your authenticator, then enter the code that it shows.</p>
        <img className={css.qr} src={`data:image/svg+xml,${encodeURIComponent(started.svg)}`} alt="QR code of the secret below" />
        <p className="muted">No camera? Type this secret:</p>
        <Command line={secretOf(started)} />
        <TextInput
          label="Code"
          value={code}
          onChange={(e) => setCode(e.currentTarget.value)}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={8}
          data-autofocus
        />
        {confirm.error && <Failure error={confirm.error} what="The code" />}
        <Button type="submit" loading={confirm.isPending} disabled={!/^\d{6}$/.test(code.trim())} ml="auto">
          Turn on
        </Button>
      </form>
    </Modal>
  );
}

function Codes({ codes, close }: { codes: string[]; close: () => void }) {
  return (
    <Modal opened onClose={close} title="Recovery codes" closeOnClickOutside={false}>
      <div className={ui.stack}>
        <p>
          Without your authenticator, each of these lets you in once. <strong>They are shown this once</strong>: keep them where your
          authenticator is not.
        </p>
        <ul className={css.codes} aria-label="Recovery codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <Command line={codes.join(' ')} />
      </div>
    </Modal>
  );
}

/** One-time passwords (RFC 6238), with recovery codes for when the device is gone. */
export function TotpCard({ factor }: { factor: SecondFactorView }) {
  const client = useQueryClient();
  const start = useMutation({ mutationFn: startTotp });
  const [codes, setCodes] = useState<string[] | null>(null);
  return (
    <Card
      label="One-time passwords"
      title={
        <>
          One-time passwords{' '}
          <Tag tone={factor.totp ? 'good' : 'plain'} small>
            {factor.totp ? 'On' : 'Off'}
          </Tag>
        </>
      }
      aside={
        factor.totp ? (
          <span className={ui.row}>
            <CommandWithDialog
              action="NewRecoveryCodes"
              label="New recovery codes"
              variant="default"
              confirm="Make them"
              later="never"
              withReason={false}
              done="New recovery codes made."
              consequence="Those you have stop working."
              changes={['second-factor']}
              send={async () => setCodes((await newRecoveryCodes()).codes)}
            />
            <CommandWithDialog
              action="RemoveTotp"
              label="Turn off"
              variant="default"
              title="Turn off one-time passwords"
              danger
              later="never"
              withReason={false}
              done="One-time passwords are off."
              consequence="Your sign-in alone lets you in from then on, unless you have a passkey. Your recovery codes end too."
              changes={['second-factor', 'session']}
              send={(_, key) => removeTotp(key)}
            />
          </span>
        ) : (
          <CommandButton action="StartTotp" variant="default" loading={start.isPending} onClick={() => start.mutate()}>
            Set up
          </CommandButton>
        )
      }
    >
      <p className="muted">
        {factor.totp
          ? `${factor.recoveryCodes} recovery ${factor.recoveryCodes === 1 ? 'code is' : 'codes are'} left.`
          : 'Six digits from an application on your phone, asked for beside your sign-in and before what cannot be taken back.'}
      </p>
      {start.error && <Failure error={start.error} what="The set-up" />}
      {start.data && (
        <SetUp
          started={start.data}
          close={start.reset}
          done={(made) => {
            start.reset();
            setCodes(made);
            void client.invalidateQueries({ queryKey: ['second-factor'] });
            void client.invalidateQueries({ queryKey: ['session'] });
          }}
        />
      )}
      {codes && <Codes codes={codes} close={() => setCodes(null)} />}
    </Card>
  );
}
