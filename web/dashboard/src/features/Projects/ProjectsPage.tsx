import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { projectsQuery, releaseQuery } from '../../api/queries.ts';
import type { ProjectView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { none, shortCommit } from '../../app/format.ts';
import { Page } from '../../app/Page.tsx';
import { Asked, Empty } from '../../app/States.tsx';
import { Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { headline, projectHeadline } from '../Releases/phase.ts';
import { WeightBar } from '../Traffic/WeightBar.tsx';
import { shares } from '../Traffic/weights.ts';
import { ImportButton } from './ImportButton.tsx';
import css from './ProjectsPage.module.css';

function Row({ project }: { project: ProjectView }) {
  const number = project.activeRelease ?? null;
  const { data } = useQuery({ ...releaseQuery(project.id, number ?? 0), enabled: number !== null });
  const release = number !== null && data && data.phase !== 'ended' ? data : null;
  const head = release ? headline(release) : projectHeadline(project);
  return (
    <tr>
      <td>
        <Link to="/projects/$project" params={{ project: project.id }} className={css.name}>
          {project.id}
        </Link>
        <div className={css.source}>{project.source}</div>
      </td>
      <td>
        <Tag tone={head.tone} icon={head.icon}>
          {head.text}
        </Tag>
      </td>
      <td className={ui.wide}>
        {project.stable ? (
          <>
            <strong>{project.stable.version}</strong> <code className="muted">{shortCommit(project.stable.commit)}</code>
          </>
        ) : (
          <span className="muted">{none}</span>
        )}
      </td>
      <td className={`${css.release} ${ui.wide}`}>
        {release ? (
          <>
            <Link to="/projects/$project/releases/$number" params={{ project: project.id, number: String(release.number) }}>
              {release.version}
            </Link>
            <WeightBar list={shares(release, project.stable?.version)} compact />
          </>
        ) : (
          <span className="muted">{none}</span>
        )}
      </td>
      <td className={`${ui.wide} muted`}>
        <Ago at={project.createdAt} />
      </td>
    </tr>
  );
}

export function ProjectsPage() {
  const projects = useQuery(projectsQuery);
  return (
    <Page
      title="Projects"
      lead="Repositories that ProdSprint takes to production."
      aside={projects.data && projects.data.length > 0 && <ImportButton />}
    >
      <Asked
        query={projects}
        what="projects"
        empty={
          <Empty icon="projects" title="No project yet" command="prodsprint import PATH-OR-GIT-URL" action={<ImportButton />}>
            A project is a repository with a plan, releases and a way back.
          </Empty>
        }
      >
        {(list) => (
          <Table
            label="Projects"
            className={css.table}
            columns={[
              'Project',
              'State',
              { head: 'In production', wide: true },
              { head: 'Release running', wide: true },
              { head: 'Imported', wide: true },
            ]}
          >
            {list.map((p) => (
              <Row key={p.id} project={p} />
            ))}
          </Table>
        )}
      </Asked>
    </Page>
  );
}
