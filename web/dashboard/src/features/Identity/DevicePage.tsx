import { Button, TextInput } from '@mantine/core';
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ask, newKey } from '../../api/client.ts';
import type { DeviceView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { none } from '../../app/format.ts';
import { Asked, Empty, Failure } from '../../app/States.tsx';
import { useTitle } from '../../app/title.ts';
import ui from '../../app/ui.module.css';
import css from './SignIn.module.css';

const deviceQuery = (code: string) =>
  queryOptions({
    queryKey: ['device', code],
    queryFn: () => ask(api.GET('/v1/device/{code}', { params: { path: { code } } })),
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  });

const answer = (code: string, verb: 'approve' | 'deny', key: string) => {
  const params = { path: { code }, header: { 'Idempotency-Key': key } };
  return ask(verb === 'approve' ? api.POST('/v1/device/{code}/approve', { params }) : api.POST('/v1/device/{code}/deny', { params }));
};

function EnterCode({ look }: { look: (code: string) => void }) {
  const [code, setCode] = useState('');
  return (
    <form
      className={ui.stack}
      onSubmit={(e) => {
        e.preventDefault();
        if (code.trim()) look(code.trim());
      }}
    >
      <TextInput
        label="Code"
        description="As the program shows it"
        placeholder="ABCD-EFGH"
        value={code}
        onChange={(e) => setCode(e.currentTarget.value.toUpperCase())}
        autoComplete="off"
        spellCheck={false}
        maxLength={20}
      />
      <Button type="submit" disabled={!code.trim()} mr="auto">
        Go on
      </Button>
    </form>
  );
}

function Waiting({ device }: { device: DeviceView }) {
  const [keys] = useState(() => ({ approve: newKey(), deny: newKey() }));
  const decide = useMutation({ mutationFn: (verb: 'approve' | 'deny') => answer(device.userCode, verb, keys[verb]) });
  if (decide.isSuccess)
    return decide.variables === 'approve' ? (
      <Empty icon="check" title={`${device.client} is let in`}>
        It acts as you from now on. You can close this page; the session stands under Your account, and can be ended there.
      </Empty>
    ) : (
      <Empty icon="cross" title={`${device.client} is sent away`}>
        It was not signed in. If you did not start it, somebody else tried to act as you: nothing came of it.
      </Empty>
    );
  return (
    <div className={ui.stack}>
      <p>
        <strong>{device.client}</strong> wants to act as you. Let it in only if you started it yourself, just now, and it shows this code:
      </p>
      <p className={css.code}>{device.userCode}</p>
      <dl className={ui.facts}>
        <div>
          <dt>Asked from</dt>
          <dd>{device.origin ?? none}</dd>
        </div>
        <div>
          <dt>Asked</dt>
          <dd>
            <Ago at={device.requestedAt} />
          </dd>
        </div>
        <div>
          <dt>Good until</dt>
          <dd>
            <Ago at={device.expires} />
          </dd>
        </div>
      </dl>
      {decide.error && <Failure error={decide.error} what="The answer" />}
      <div className={ui.row}>
        <Button onClick={() => decide.mutate('approve')} loading={decide.isPending && decide.variables === 'approve'}>
          Let it in
        </Button>
        <Button variant="default" onClick={() => decide.mutate('deny')} loading={decide.isPending && decide.variables === 'deny'}>
          Send it away
        </Button>
      </div>
    </div>
  );
}

function Found({ code }: { code: string }) {
  return (
    <Asked query={useQuery(deviceQuery(code))} what="what waits behind the code" rows={2}>
      {(device) => <Waiting device={device} />}
    </Asked>
  );
}

/** Where a program without a browser sends its person: see what asks, then let it in or send it away. */
export function DevicePage() {
  useTitle('Let a program in');
  const search = useSearch({ strict: false }) as { code?: string };
  const navigate = useNavigate();
  return (
    <div className={css.page}>
      <h1>Let a program in</h1>
      {search.code ? <Found code={search.code} /> : <EnterCode look={(code) => void navigate({ to: '/device', search: { code } })} />}
    </div>
  );
}
