import { Link } from '@tanstack/react-router';
import type { ReleaseView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Tag } from '../Gates/Verdict.tsx';
import { headlineIn } from './phase.ts';
import css from './ReleaseList.module.css';

export function ReleaseList({
  releases,
  stableRelease,
  withProject = false,
}: {
  releases: ReleaseView[];
  stableRelease?: (project: string) => number | null | undefined;
  withProject?: boolean;
}) {
  if (releases.length === 0) return <p className="muted">None yet. The first goes straight to production after staging and gates.</p>;
  return (
    <ol className={css.list}>
      {releases.slice(0, 12).map((r) => {
        const h = headlineIn(r, stableRelease?.(r.project));
        return (
          <li key={`${r.project}/${r.number}`}>
            <Link to="/projects/$project/releases/$number" params={{ project: r.project, number: String(r.number) }}>
              {withProject && `${r.project} `}
              {r.version}
            </Link>
            <span className={css.tag}>
              <Tag tone={h.tone} icon={h.icon} small>
                {h.text}
              </Tag>
            </span>
            <span className={`${css.at} muted`}>
              <Ago at={r.endedAt ?? r.startedAt} />
            </span>
          </li>
        );
      })}
    </ol>
  );
}
