import { useQuery } from '@tanstack/react-query';
import { remindersQuery } from '../../api/queries.ts';
import { Ago } from '../../app/Ago.tsx';
import { duration } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import { Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import css from './JobsTab.module.css';

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
        <Table label="Reminders" columns={['Grain', 'Reminder', { head: 'Every', wide: true, n: true }, { head: 'First due', n: true }]}>
          {list.map((r) => (
            <tr key={`${r.grain}/${r.name}`}>
              <td>
                <code className={css.grain}>{r.grain}</code>
              </td>
              <td>{r.name}</td>
              <td className={`${ui.n} ${ui.wide}`}>{duration(r.periodSeconds)}</td>
              <td className={ui.n}>
                <Ago at={r.startAt} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Asked>
  );
}
