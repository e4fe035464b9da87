import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { TestSeen } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { fullTime, shortCommit } from '../../app/format.ts';
import { Asked } from '../../app/States.tsx';
import { Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useProjectId } from '../Projects/ProjectPage.tsx';
import { inWords, markOf } from './quarantine.ts';
import { MarkTag, Marks } from './TestMarks.tsx';
import { testHistoryQuery } from './testReports.ts';
import css from './Tests.module.css';

function History({ test, list }: { test: string; list: TestSeen[] }) {
  const marks = list.map(markOf);
  return (
    <Card label="History" title={<span className={css.name}>{test}</span>} aside={inWords(marks)}>
      <Marks
        label={`The last ${list.length} builds`}
        list={list
          .map((seen, i) => ({
            key: `${seen.at}/${i}`,
            mark: marks[i]!,
            title: `${shortCommit(seen.commit)}, ${fullTime(Date.parse(seen.at))}: ${marks[i]}`,
          }))
          .toReversed()}
      />
      <p className={`${css.legend} ${ui.small} muted`}>The newest on the right. The taller, the worse: passed, wavered, failed.</p>
      <Table label={`Builds of ${test}`} columns={['Commit', 'Outcome', 'Built']}>
        {list.map((seen, i) => (
          <tr key={`${seen.at}/${i}`}>
            <td>
              <code>{shortCommit(seen.commit)}</code>
            </td>
            <td>
              <MarkTag mark={marks[i]!} />
            </td>
            <td className="muted">
              <Ago at={seen.at} />
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

/** One test, build after build: whether it fails, or only now and then. */
export function TestHistoryPage() {
  const project = useProjectId();
  const { test } = useSearch({ from: '/projects/$project/gates/tests/history' });
  return (
    <div className={ui.page}>
      <p>
        <Link to="/projects/$project/gates/tests" params={{ project }}>
          ← Tests
        </Link>
      </p>
      <Asked query={useQuery(testHistoryQuery(project, test))} what="the history" rows={1} rowHeight={240}>
        {(list) => <History test={test} list={list} />}
      </Asked>
    </div>
  );
}
