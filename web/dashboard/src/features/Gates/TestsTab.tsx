import { useQuery } from '@tanstack/react-query';
import type { FileCoverage, TestCase, TestsView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { count, duration, none, percent, shortCommit } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import { Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useNow } from '../../live/clock.ts';
import { useProjectId } from '../Projects/ProjectPage.tsx';
import { Quarantine, QuarantineCard, TestLink } from './QuarantineCard.tsx';
import { coverageOf, holds, markOf, markOfRun, testName } from './quarantine.ts';
import { MarkTag, Marks } from './TestMarks.tsx';
import { quarantineQuery, testRunsQuery, testsQuery } from './testReports.ts';
import css from './Tests.module.css';
import { Tag } from './Verdict.tsx';

function Builds({ project }: { project: string }) {
  const runs = useQuery(testRunsQuery(project)).data ?? [];
  if (runs.length < 2) return null;
  const marks = runs.toReversed().map((r) => ({
    key: r.digest + r.at,
    mark: markOfRun(r),
    title: `${shortCommit(r.commit)}: ${count(r.passed)} passed, ${count(r.failed)} failed${r.coverage == null ? '' : `, ${percent(r.coverage)} covered`}`,
  }));
  return (
    <div className={css.builds}>
      <span className={`${ui.small} muted`}>The last {marks.length} builds</span>
      <Marks label="Builds" list={marks} />
    </div>
  );
}

function Case({ project, test: t, aside }: { project: string; test: TestCase; aside: boolean }) {
  const name = testName(t);
  return (
    <li>
      <div className={ui.row}>
        <MarkTag mark={markOf(t)} />
        {aside && (
          <Tag tone="plain" icon="pause" small>
            In quarantine
          </Tag>
        )}
        <span className={css.name}>
          <TestLink project={project} test={name} />
        </span>
        {t.seconds > 0 && <span className={`${ui.small} muted`}>{duration(t.seconds)}</span>}
        {!aside && (
          <span className={css.command}>
            <Quarantine project={project} known={name} />
          </span>
        )}
      </div>
      {t.message && (
        <pre className={css.message} tabIndex={0} aria-label={`What ${name} said`}>
          {t.message}
        </pre>
      )}
    </li>
  );
}

function Report({ project, report: r }: { project: string; report: TestsView }) {
  const now = useNow();
  const quarantined = new Set((useQuery(quarantineQuery(project)).data ?? []).filter((q) => holds(q, now)).map(testName));
  const facts: [string, React.ReactNode, ('bad' | 'hold')?][] = [
    ['Passed', count(r.passed)],
    ['Failed', count(r.failed), r.failed > 0 ? 'bad' : undefined],
    ['Skipped', count(r.skipped)],
    ['Lines covered', r.coveragePercent == null ? none : percent(r.coveragePercent)],
    ['Commit', <code>{shortCommit(r.commit)}</code>],
    ['Built', <Ago at={r.at} />],
  ];
  return (
    <Card label="Newest report" aside={`${count(r.read.length)} ${r.read.length === 1 ? 'file' : 'files'} read`}>
      <dl className={ui.facts}>
        {facts.map(([term, value, tone]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd className={css.figure} data-tone={tone}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      <Builds project={project} />
      {r.unnamed > 0 && (
        <p className={css.note}>
          {count(r.unnamed)} {r.unnamed === 1 ? 'failure' : 'failures'} that no report names; the build’s log has what was said.
        </p>
      )}
      {r.unread.length > 0 && <p className={css.note}>Could not be read: {r.unread.join('; ')}</p>}
      {r.cases.length > 0 ? (
        <ul className={css.cases} aria-label="What failed or wavered">
          {r.cases.map((t) => (
            <Case key={testName(t)} project={project} test={t} aside={quarantined.has(testName(t))} />
          ))}
        </ul>
      ) : (
        r.unnamed === 0 && <p className={`${css.all} muted`}>Nothing failed or wavered.</p>
      )}
    </Card>
  );
}

function File({ file }: { file: FileCoverage }) {
  const { percent: share, missed } = coverageOf(file);
  return (
    <tr>
      <td className={css.name}>
        <code>{file.path}</code>
        <div className={`${ui.small} ${ui.narrow} muted`}>{count(missed)} lines not run</div>
      </td>
      <td>
        <span className={css.share}>
          <span className={css.bar} aria-hidden="true">
            <i style={{ width: `${share}%` }} />
          </span>
          {percent(share, 1)}
        </span>
      </td>
      <td className={`${css.lines} ${ui.wide}`}>
        <details>
          <summary>{count(missed)} lines</summary>
          <code>{file.missed.replaceAll(',', ', ')}</code>
        </details>
      </td>
    </tr>
  );
}

function Coverage({ report: r }: { report: TestsView }) {
  if (r.coveragePercent == null)
    return (
      <Card label="Coverage">
        <p className="muted">
          No coverage is reported. Have the tests write lcov, Cobertura, coverage.py’s or Go’s report, and the next build reads it.
        </p>
      </Card>
    );
  return (
    <Card label="Coverage" aside={r.leastCovered.length > 0 ? 'the files with the most lines that no test runs' : undefined}>
      {r.leastCovered.length === 0 ? (
        <p className="muted">Every line that can be run is run by a test.</p>
      ) : (
        <Table label="Coverage by file" columns={['File', 'Covered', { head: 'Not run', wide: true }]}>
          {r.leastCovered.map((file) => (
            <File key={file.path} file={file} />
          ))}
        </Table>
      )}
    </Card>
  );
}

/** What the last build's tests said, which lines they leave out, and which of them are aside. */
export function TestsTab() {
  const project = useProjectId();
  return (
    <div className={ui.page}>
      <Asked query={useQuery(testsQuery(project))} what="the tests" rows={2} rowHeight={200}>
        {(report) =>
          report ? (
            <>
              <Report project={project} report={report} />
              <Coverage report={report} />
              <QuarantineCard project={project} />
            </>
          ) : (
            <Empty icon="check" title="No tests have reported yet" command={`prodsprint release --project ${project} --watch`}>
              The build runs the project’s own tests and reads the reports they write: JUnit, TRX, lcov, Cobertura, coverage.py’s and Go’s.
            </Empty>
          )
        }
      </Asked>
    </div>
  );
}
