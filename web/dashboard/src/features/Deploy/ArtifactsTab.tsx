import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { artifactsQuery, projectQuery, releasesQuery } from '../../api/queries.ts';
import { Ago } from '../../app/Ago.tsx';
import { bytes, none, shortCommit, shortDigest } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import { Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { useProjectId } from '../Projects/ProjectPage.tsx';

export function ArtifactsTab() {
  const id = useProjectId();
  const artifacts = useQuery(artifactsQuery(id));
  const stable = useQuery(projectQuery(id)).data?.stable?.artifactDigest;
  const releases = useQuery(releasesQuery(id)).data ?? [];
  const releaseOf = (digest: string) => releases.find((r) => r.artifactDigest === digest);
  return (
    <div className={ui.stack}>
      <p className="muted">
        What was built, by digest. Pinned artifacts are kept, so that a rollback never needs a build. Each says who built it from which
        commit.
      </p>
      <Asked
        query={artifacts}
        what="the artifacts"
        empty={
          <Empty icon="tag" title="Nothing built yet" command={`prodsprint release --project ${id} --watch`}>
            The first release builds the first artifact.
          </Empty>
        }
      >
        {(list) => (
          <Table
            label="Artifacts"
            columns={[
              'Digest',
              'Version',
              { head: 'Commit', wide: true },
              'State',
              { head: 'Size', wide: true, n: true },
              { head: 'Built', wide: true, n: true },
            ]}
          >
            {list.map((a) => {
              const release = releaseOf(a.digest);
              return (
                <tr key={a.digest}>
                  <td>
                    <Link to="/projects/$project/artifacts/$digest" params={{ project: id, digest: a.digest }}>
                      <code title={a.digest}>{shortDigest(a.digest)}</code>
                    </Link>
                  </td>
                  <td>
                    {release ? (
                      <Link to="/projects/$project/releases/$number" params={{ project: id, number: String(release.number) }}>
                        {release.version}
                      </Link>
                    ) : (
                      none
                    )}
                  </td>
                  <td className={ui.wide}>
                    <code>{shortCommit(a.commit)}</code>
                  </td>
                  <td>
                    {a.digest === stable ? (
                      <Tag tone="good" icon="check" small>
                        In production
                      </Tag>
                    ) : a.running ? (
                      <Tag tone="accent" icon="play" small>
                        Running
                      </Tag>
                    ) : a.pinned ? (
                      <Tag tone="plain" icon="lock" small>
                        Pinned
                      </Tag>
                    ) : (
                      <span className="muted">{none}</span>
                    )}
                  </td>
                  <td className={`${ui.n} ${ui.wide}`}>{bytes(a.sizeBytes)}</td>
                  <td className={`${ui.n} ${ui.wide} muted`}>
                    <Ago at={a.createdAt} />
                  </td>
                </tr>
              );
            })}
          </Table>
        )}
      </Asked>
    </div>
  );
}
