import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { FindingsPage, FindingStanding, FindingView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { count, none, sentence, shortCommit } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { useProjectId } from '../Projects/ProjectPage.tsx';
import { advisoryAddress, findingsQuery, levelsInWords } from './findings.ts';
import { Tag } from './Verdict.tsx';
import { Waive } from './Waive.tsx';
import css from './Waivers.module.css';

function Standing({ finding: f }: { finding: FindingView }) {
  const w = f.waiver;
  if (f.standing === 'open')
    return (
      <>
        <Tag tone="bad" icon="cross" small>
          Stops a release
        </Tag>
        {w && (
          <div className={`${ui.small} muted`}>
            {w.state === 'valid' ? `Waiver ${w.number} is its author’s own` : `Waiver ${w.number} ${w.state}`}
          </div>
        )}
      </>
    );
  if (f.standing === 'waived' && w)
    return (
      <Tag tone="hold" icon="clock" small>
        Waived, ends <Ago at={w.expires} />
      </Tag>
    );
  return <span className="muted">{f.development ? 'In development only' : 'Stops nothing'}</span>;
}

function Row({ project, finding: f }: { project: string; finding: FindingView }) {
  const address = advisoryAddress(f);
  return (
    <tr>
      <td className={css.what}>
        <strong>
          {f.name} {f.version}
        </strong>
        <div className={`${ui.small} ${ui.wide} muted`}>
          <code>{f.purl}</code>
        </div>
        {f.files.length > 0 && <div className={`${ui.small} ${ui.wide} muted`}>{f.files.join(', ')}</div>}
      </td>
      <td className={css.what}>
        <Tag tone={f.level === 'critical' || f.level === 'high' || f.level === 'denied' ? 'bad' : 'plain'} small>
          {sentence(f.level)}
        </Tag>{' '}
        {address ? (
          <a href={address} target="_blank" rel="noreferrer">
            {f.id}
            <span className="sr-only"> (opens in a new tab)</span>
          </a>
        ) : (
          f.id
        )}
        {f.fixedIn && <div className={`${ui.small} ${ui.narrow} muted`}>Mended in {f.fixedIn}</div>}
        {f.summary && <div className={`${ui.small} ${ui.wide} muted`}>{f.summary}</div>}
      </td>
      <td className={ui.wide}>{f.fixedIn ?? <span className="muted">{f.kind === 'licence' ? none : 'none known'}</span>}</td>
      <td>
        <Standing finding={f} />
      </td>
      <RowCommands>
        {f.standing === 'open' && (
          <Waive project={project} known={{ covers: f.kind, subject: f.id, package: f.purl }} spoken={`Waive ${f.id} in ${f.name}`} />
        )}
      </RowCommands>
    </tr>
  );
}

function List({ project, pages }: { project: string; pages: FindingsPage[] }) {
  return (
    <Table label="What was found" columns={['Package', 'What', { head: 'Mended in', wide: true }, 'State']} commands>
      {pages
        .flatMap((p) => p.items)
        .map((f) => (
          <Row key={`${f.id} ${f.purl}`} project={project} finding={f} />
        ))}
    </Table>
  );
}

function Said({ project, page: p }: { project: string; page: FindingsPage }) {
  return (
    <div>
      {p.release != null && (
        <div className={`${ui.row} ${ui.small}`}>
          <Link to="/projects/$project/releases/$number" params={{ project, number: String(p.release) }}>
            Release {p.release}
          </Link>
          <code className="muted">{shortCommit(p.commit)}</code>
        </div>
      )}
      <p>
        {count(p.components)} packages, {levelsInWords(p.levels) || 'nothing found'}.{' '}
        {p.open > 0 ? (
          <b>{p.open === 1 ? '1 stops a release now.' : `${count(p.open)} stop a release now.`}</b>
        ) : (
          'Nothing stops a release now.'
        )}
        {!p.compared && ' No advisories were imported, so only licences were looked at.'}
        {p.leftOut > 0 && ` ${count(p.leftOut)} of the least are counted and not listed.`}
        {p.unread.length > 0 && ` Could not be read: ${p.unread.join('; ')}.`}
      </p>
    </div>
  );
}

/** What the newest release that came to its gates is built from: known weaknesses and licences, and who answers for each. */
export function FindingsTab() {
  const project = useProjectId();
  const [standing, setStanding] = useState<FindingStanding | ''>('');
  const found = useInfiniteQuery(findingsQuery(project, standing || undefined));
  return (
    <Card
      label="Dependencies"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="Show"
          value={standing}
          onChange={(value) => setStanding(value as FindingStanding | '')}
          data={[
            { value: '', label: 'All' },
            { value: 'open', label: 'Stops a release' },
            { value: 'waived', label: 'Waived' },
          ]}
        />
      }
    >
      <Asked query={found} what="what was found" rows={3} rowHeight={60}>
        {({ pages }) =>
          pages[0]!.release == null ? (
            <Empty icon="lock" title="No gate has looked yet" command="prodsprint vulnerabilities import osv-npm.zip">
              Once the workspace has advisories, each release’s lock files are held against them at its gates.
            </Empty>
          ) : (
            <div className={ui.stack}>
              <Said project={project} page={pages[0]!} />
              {pages[0]!.items.length > 0 ? (
                <List project={project} pages={pages} />
              ) : (
                <p className="muted">{standing === '' ? 'Nothing was found.' : 'None of these.'}</p>
              )}
              {found.hasNextPage && (
                <Button variant="default" size="xs" mr="auto" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                  More
                </Button>
              )}
            </div>
          )
        }
      </Asked>
    </Card>
  );
}
