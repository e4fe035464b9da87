import { useQuery } from '@tanstack/react-query';
import { remindersQuery } from '../../api/queries.ts';
import { Ago } from '../../app/Ago.tsx';
import { duration } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';

export function RemindersTab() {
  const reminders = useQuery(remindersQuery);
  return (
    <Asked
      query={reminders}
      what="the reminders"
      rows={4}
      rowHeight={44}
      empty={
        <Empty icon="clock" title="No reminder is set">
          Every deadline of a release has one behind it, so that a restart neither shortens nor lengthens a wait.
        </Empty>
      }
    >
      {(list) => (
        <div className={ui.scroll} tabIndex={0} role="region" aria-label="Reminders">
          <table className={ui.table}>
            <thead>
              <tr>
                <th scope="col">Grain</th>
                <th scope="col">Reminder</th>
                <th scope="col" className={ui.n}>
                  Every
                </th>
                <th scope="col" className={ui.n}>
                  First due
                </th>
              </tr>
            </thead>
            <tbody>
              {list.map((r) => (
                <tr key={`${r.grain}/${r.name}`}>
                  <td>
                    <code>{r.grain}</code>
                  </td>
                  <td>{r.name}</td>
                  <td className={ui.n}>{duration(r.periodSeconds)}</td>
                  <td className={ui.n}>
                    <Ago at={r.startAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Asked>
  );
}
