import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { AttestationView } from '../../api/types.ts';
import { artifactsQuery } from '../../api/queries.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { bytes, count, duration, instant, none, shortCommit, shortDigest } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { attestationsQuery } from './attestations.ts';
import css from './Supply.module.css';
import { builderName, fault, readStatement, type Statement } from './statement.ts';

const kinds: Record<Statement['kind'], string> = { build: 'Built', deployment: 'Started', other: 'Said' };

function seconds(s: Statement): number | null {
  const [from, to] = [instant(s.startedOn), instant(s.finishedOn)];
  return from === null || to === null ? null : (to - from) / 1000;
}

function factsOf(s: Statement): [string, React.ReactNode][] {
  const took = seconds(s);
  const all: [string, React.ReactNode][] = [
    ['By', builderName(s.builder)],
    ['From', s.source && <code>{s.source}</code>],
    ['Commit', s.commit && <code title={s.commit}>{shortCommit(s.commit)}</code>],
    ['Known as', s.ref],
    ['Environment', s.environment],
    ['Version', s.version && `${s.version}${s.release === null ? '' : `, release ${s.release}`}`],
    ['When', s.startedOn && <Ago at={s.startedOn} />],
    ['Took', took === null ? null : duration(took)],
    ['Tests', s.tests && `${count(s.tests.passed)} passed, ${count(s.tests.failed)} failed`],
    ['Lock files', s.lockFiles.length > 0 && s.lockFiles.join(', ')],
  ];
  return all.filter(([, value]) => value);
}

function Attestation({ view: a, artifact }: { view: AttestationView; artifact: string }) {
  const s = readStatement(a);
  const wrong = fault(a, s, artifact);
  const title = s?.kind === 'deployment' ? `Started in ${s.environment ?? 'an environment'}` : kinds[s?.kind ?? 'other'];
  return (
    <Card
      label={`${title}, ${shortDigest(a.id)}`}
      title={
        <>
          {title}{' '}
          {wrong === null ? (
            <Tag tone="good" icon="check" small>
              Verified
            </Tag>
          ) : (
            <Tag tone="bad" icon="cross" small>
              Does not count
            </Tag>
          )}
        </>
      }
      aside={
        a.keyId ? (
          <span className={`${ui.row} ${ui.small}`}>
            <span className="muted">Signed by</span>
            <Link to="/administration/keys" title={a.keyId}>
              key <code>{a.keyId.slice(0, 12)}</code>
            </Link>
          </span>
        ) : (
          'Signed by no key of this workspace'
        )
      }
    >
      {wrong !== null && (
        <p className={css.wrong} role="note">
          {wrong}
        </p>
      )}
      {s && (
        <>
          <dl className={ui.facts}>
            {factsOf(s).map(([term, value]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          {s.commands.length > 0 && (
            <ul className={css.commands} aria-label="What was run">
              {s.commands.map((line, i) => (
                <li key={i}>
                  <code>{line}</code>
                </li>
              ))}
            </ul>
          )}
          <details className={css.more}>
            <summary>The statement as it was signed</summary>
            <pre className={css.statement} tabIndex={0} aria-label="Statement">
              {s.text}
            </pre>
          </details>
        </>
      )}
    </Card>
  );
}

function Facts({ project, digest }: { project: string; digest: string }) {
  const artifact = useQuery(artifactsQuery(project)).data?.find((one) => one.digest === digest);
  return (
    <Card label="Artifact" title={<code className={css.digest}>{digest}</code>}>
      <dl className={ui.facts}>
        <div>
          <dt>Commit</dt>
          <dd>{artifact ? <code>{shortCommit(artifact.commit)}</code> : none}</dd>
        </div>
        <div>
          <dt>Size</dt>
          <dd>{artifact ? `${bytes(artifact.sizeBytes)}, ${count(artifact.files)} files` : none}</dd>
        </div>
        <div>
          <dt>Built</dt>
          <dd>
            <Ago at={artifact?.createdAt} />
          </dd>
        </div>
      </dl>
    </Card>
  );
}

/** Where an artifact came from and where it went, and who says so. */
export function ArtifactPage() {
  const { project, digest } = useParams({ from: '/projects/$project/artifacts/$digest' });
  return (
    <div className={ui.page}>
      <p>
        <Link to="/projects/$project/artifacts" params={{ project }}>
          ← Artifacts
        </Link>
      </p>
      <Facts project={project} digest={digest} />
      <Asked
        query={useQuery(attestationsQuery(project, digest))}
        what="what is said of it"
        rows={2}
        rowHeight={160}
        empty={
          <Empty icon="key" title="Nothing is said of it" command={`prodsprint release --project ${project}`}>
            It was built before builds were signed, or what was said is gone. A new release of its commit has every byte read again and
            signed; without that it gets no traffic.
          </Empty>
        }
      >
        {(list) => list.map((one) => <Attestation key={one.id} view={one} artifact={digest} />)}
      </Asked>
    </div>
  );
}
