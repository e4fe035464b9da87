import { useQuery } from '@tanstack/react-query';
import type { SessionRow } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { none } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { device, endOtherSessions, endSession, sessionsQuery } from './sessions.ts';

function End({ session }: { session: SessionRow }) {
  return (
    <CommandWithDialog
      action="RevokeSession"
      label="End"
      spoken={`End the session of ${device(session.agent)}`}
      inRow
      danger
      withReason={false}
      done="Session ended."
      consequence="Whoever uses it is signed out at once, on every server, and what is open there stops moving."
      changes={['sessions']}
      send={(_, key) => endSession(session.id, key)}
    />
  );
}

function EndOthers({ others }: { others: number }) {
  return (
    <CommandWithDialog
      action="RevokeSessions"
      label="End all others"
      variant="default"
      title="End all other sessions"
      confirm="End them"
      danger
      withReason={false}
      done="All other sessions are ended."
      consequence={`${others === 1 ? 'One other session ends' : `${others} other sessions end`} at once. You stay signed in here.`}
      changes={['sessions']}
      send={(_, key) => endOtherSessions(key)}
    />
  );
}

/** Where one is signed in: with what, from where, when last. */
export function SessionsTab() {
  const sessions = useQuery(sessionsQuery);
  const others = sessions.data?.filter((s) => !s.current).length ?? 0;
  return (
    <Card label="Sessions" title="Where you are signed in" aside={others > 0 && <EndOthers others={others} />}>
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
          <Table
            label="List of sessions"
            columns={['Device', { head: 'By', wide: true }, 'From', 'Last used', { head: 'Ends', wide: true }]}
            commands
          >
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
                  {s.network && s.network !== 'public' && ` ${s.network === 'loopback' ? 'this machine' : 'private network'}`}
                </td>
                <td>
                  <Ago at={s.usedAt} />
                </td>
                <td className={`${ui.wide} muted`}>
                  <Ago at={s.endsAt} />
                </td>
                <RowCommands>{!s.current && <End session={s} />}</RowCommands>
              </tr>
            ))}
          </Table>
        )}
      </Asked>
    </Card>
  );
}
