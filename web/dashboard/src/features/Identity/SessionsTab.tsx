import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SessionRow } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { none } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { CommandDialog } from '../Releases/CommandDialog.tsx';
import { device, endOtherSessions, endSession, sessionsQuery } from './sessions.ts';

function End({ session }: { session: SessionRow }) {
  const [opened, setOpened] = useState(false);
  const client = useQueryClient();
  const name = device(session.agent);
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setOpened(true)} aria-label={`End the session of ${name}`}>
        End
      </Button>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title={`End the session of ${name}`}
        confirm="End"
        danger
        withReason={false}
        done="Session ended."
        consequence="Whoever uses it is signed out at once, on every server, and what is open there stops moving."
        send={async (_, key) => {
          await endSession(session.id, key);
          await client.invalidateQueries({ queryKey: ['sessions'] });
        }}
      />
    </>
  );
}

function EndOthers({ others }: { others: number }) {
  const [opened, setOpened] = useState(false);
  const client = useQueryClient();
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        End all others
      </Button>
      <CommandDialog
        opened={opened}
        close={() => setOpened(false)}
        title="End all other sessions"
        confirm="End them"
        danger
        withReason={false}
        done="All other sessions are ended."
        consequence={`${others === 1 ? 'One other session ends' : `${others} other sessions end`} at once. You stay signed in here.`}
        send={async (_, key) => {
          await endOtherSessions(key);
          await client.invalidateQueries({ queryKey: ['sessions'] });
        }}
      />
    </>
  );
}

/** Where one is signed in: with what, from where, when last. */
export function SessionsTab() {
  const sessions = useQuery(sessionsQuery);
  const others = sessions.data?.filter((s) => !s.current).length ?? 0;
  return (
    <section className={ui.card} aria-label="Sessions">
      <div className={ui.cardHead}>
        <h2>Where you are signed in</h2>
        {others > 0 && <EndOthers others={others} />}
      </div>
      <Asked
        query={sessions}
        what="your sessions"
        rows={2}
        rowHeight={44}
        empty={
          <Empty icon="key" title="You are not signed in by a session">
            This server takes your word for who you are (development identity). With accounts, every browser and command line you sign in
            with stands here, and can be signed out from here.
          </Empty>
        }
      >
        {(list) => (
          <div className={ui.scroll} tabIndex={0} role="region" aria-label="List of sessions">
            <table className={ui.table}>
              <thead>
                <tr>
                  <th scope="col">Device</th>
                  <th scope="col" className={ui.wide}>
                    By
                  </th>
                  <th scope="col">From</th>
                  <th scope="col">Last used</th>
                  <th scope="col" className={ui.wide}>
                    Ends
                  </th>
                  <th scope="col">
                    <span className="sr-only">Commands</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {list.map((s) => (
                  <tr key={s.id}>
                    <td title={s.agent ?? undefined}>
                      {device(s.agent)}{' '}
                      {s.current && (
                        <Tag tone="accent" small>
                          This one
                        </Tag>
                      )}
                    </td>
                    <td className={ui.wide}>{s.how}</td>
                    <td>
                      <code>{s.origin ?? none}</code>
                    </td>
                    <td>
                      <Ago at={s.usedAt} />
                    </td>
                    <td className={`${ui.wide} muted`}>
                      <Ago at={s.endsAt} />
                    </td>
                    <td className={ui.n}>{!s.current && <End session={s} />}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Asked>
    </section>
  );
}
