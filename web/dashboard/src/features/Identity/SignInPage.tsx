import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { SignInWay } from '../../api/types.ts';
import { Icon } from '../../app/Icon.tsx';
import { Asked, Empty, Failure } from '../../app/States.tsx';
import { useTitle } from '../../app/title.ts';
import ui from '../../app/ui.module.css';
import { canPasskey, signInByPasskey } from './secondFactor.ts';
import { configQuery, enrol, faultOf, faultsQuery, findWay, safeReturn, startOf } from './signIn.ts';
import css from './SignIn.module.css';

/** What went wrong on the way here, and what to do about it. */
function Ended({ code }: { code: string }) {
  const { title, next } = faultOf(code, useQuery(faultsQuery).data ?? []);
  return (
    <div className={css.ended} role="alert">
      <Icon name="warning" size={18} />
      <div>
        <strong>{title}</strong>
        <p>{next}</p>
        <p className={`${ui.small} muted`}>
          <code>{code}</code>
        </p>
      </div>
    </div>
  );
}

/** An address of a company that has set up its own sign-in leads there. */
function ByAddress({ returnTo }: { returnTo: string }) {
  const [email, setEmail] = useState('');
  const look = useMutation({
    mutationFn: () => findWay(email.trim()),
    onSuccess: (way) => {
      if (way?.start) location.assign(startOf(way, returnTo));
    },
  });
  return (
    <form
      className={ui.stack}
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        if (email.trim()) look.mutate();
      }}
    >
      <TextInput
        type="email"
        label="E-mail address at work"
        value={email}
        onChange={(e) => setEmail(e.currentTarget.value)}
        autoComplete="email"
        spellCheck={false}
      />
      {look.error && <Failure error={look.error} what="The way to sign in" />}
      {look.isSuccess && !look.data && (
        <p role="status" className="muted">
          No organisation has set up its own sign-in for this address. Use one of the ways below.
        </p>
      )}
      <Button type="submit" variant="default" loading={look.isPending} disabled={!email.trim()}>
        Continue with your organisation
      </Button>
    </form>
  );
}

function ByPasskey({ returnTo }: { returnTo: string }) {
  const signIn = useMutation({ mutationFn: signInByPasskey, onSuccess: () => location.assign(returnTo) });
  return (
    <div className={ui.stack}>
      <Button variant="default" leftSection={<Icon name="key" size={16} />} loading={signIn.isPending} onClick={() => signIn.mutate()}>
        Sign in with a passkey
      </Button>
      {signIn.error && <Failure error={signIn.error} what="The passkey" />}
    </div>
  );
}

/** How the first one comes in, before there is any other way. */
function ByCode({ returnTo }: { returnTo: string }) {
  const [code, setCode] = useState('');
  const come = useMutation({ mutationFn: () => enrol(code.trim()), onSuccess: () => location.assign(returnTo) });
  return (
    <details className={css.more}>
      <summary>I have a code that was made at the machine</summary>
      <form
        className={ui.stack}
        onSubmit={(e) => {
          e.preventDefault();
          if (code.trim()) come.mutate();
        }}
      >
        <TextInput
          label="Code"
          description="As prodsprint accounts enrol printed it; good once"
          value={code}
          onChange={(e) => setCode(e.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
        {come.error && <Failure error={come.error} what="The code" />}
        <Button type="submit" variant="default" loading={come.isPending} disabled={!code.trim()} mr="auto">
          Come in
        </Button>
      </form>
    </details>
  );
}

function Ways({ ways, returnTo }: { ways: SignInWay[]; returnTo: string }) {
  const open = ways.filter((way) => way.start);
  if (open.length === 0)
    return (
      <Empty icon="key" title="Nobody has set up a way to sign in for everyone">
        Whoever runs this server names providers in its configuration: Identity__Providers__0__Kind and what belongs to it.
      </Empty>
    );
  return (
    <ul className={css.ways}>
      {open.map((way) => (
        <li key={way.id}>
          <Button component="a" href={startOf(way, returnTo)} fullWidth>
            Continue with {way.name}
          </Button>
        </li>
      ))}
    </ul>
  );
}

export function SignInPage() {
  useTitle('Sign in');
  const search = useSearch({ strict: false }) as { error?: string; returnTo?: string };
  const returnTo = safeReturn(search.returnTo);
  const config = useQuery(configQuery);
  return (
    <div className={css.page}>
      <div className={css.head}>
        <img src="/mark.svg" alt="" width={40} height={40} />
        <h1>Sign in to ProdSprint</h1>
      </div>
      {search.error && <Ended code={search.error} />}
      <section className={ui.card} aria-label="Ways to sign in">
        <Asked query={config} what="the ways to sign in" rows={3} rowHeight={40}>
          {({ signIn }) =>
            signIn.some((way) => way.kind === 'development') ? (
              <div className={ui.stack}>
                <p>This server takes your word for who you are (development identity): there is nothing to sign in to.</p>
                <Button component="a" href={returnTo} mr="auto">
                  Go on
                </Button>
              </div>
            ) : (
              <div className={css.choices}>
                <Ways ways={signIn} returnTo={returnTo} />
                {canPasskey() && <ByPasskey returnTo={returnTo} />}
                <p className={css.or}>or</p>
                <ByAddress returnTo={returnTo} />
                <ByCode returnTo={returnTo} />
              </div>
            )
          }
        </Asked>
      </section>
    </div>
  );
}
