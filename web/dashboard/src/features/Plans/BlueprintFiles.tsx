import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../../api/client.ts';
import type { BlueprintView } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { Asked } from '../../app/States.tsx';
import { Tag } from '../Gates/Verdict.tsx';
import css from './Blueprint.module.css';
import { SideBySide } from './SideBySide.tsx';
import { changedLines, sideBySide } from './sideBySide.ts';

async function filesOf(blueprint: BlueprintView): Promise<[path: string, text: string][]> {
  const bundles = await Promise.all(
    [blueprint.iac_ref, blueprint.cicd_ref].map((ref) =>
      ask(api.GET('/v1/blueprints/{digest}', { params: { path: { digest: ref.slice(ref.lastIndexOf('/') + 1) } } })),
    ),
  );
  return bundles.flatMap((b) => Object.entries(b.files));
}

function File({ path, before, after, isNew }: { path: string; before: string | null; after: string | null; isNew: boolean }) {
  const [open, setOpen] = useState(false);
  const rows = before !== null || after === null ? sideBySide(before ?? '', after ?? '') : null;
  const lines = rows && changedLines(rows);
  return (
    <li>
      <details open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary>
          <code>{path}</code>
          {isNew && (
            <Tag tone="good" small>
              New
            </Tag>
          )}
          {after === null && (
            <Tag tone="bad" small>
              Gone
            </Tag>
          )}
          {lines && (
            <span className={css.lines}>
              <ins>+{lines.added}</ins> <del>{`\u2212${lines.removed}`}</del>
            </span>
          )}
        </summary>
        {open &&
          (rows ? (
            <SideBySide rows={rows} path={path} />
          ) : (
            <pre className={css.file} tabIndex={0} aria-label={path}>
              {after}
            </pre>
          ))}
      </details>
    </li>
  );
}

/** The files, those that change against the plan approved before first, old beside new. */
export function BlueprintFiles({ blueprint }: { blueprint: BlueprintView }) {
  const files = useQuery({
    queryKey: ['blueprint-files', blueprint.iac_ref, blueprint.cicd_ref],
    queryFn: () => filesOf(blueprint),
    staleTime: Infinity,
  });
  return (
    <Asked query={files} what="the files" rowHeight={36}>
      {(list) => {
        const paths = new Set(list.map(([path]) => path));
        // Beside files it has what the plan itself changes, whose places are words.
        const changed = blueprint.plan_diff.filter((c) => paths.has(c.path) || (c.path.includes('/') && !c.path.includes(' ')));
        const rest = list.filter(([path]) => !changed.some((c) => c.path === path));
        return (
          <Card label="Files" aside={changed.length > 0 ? `${changed.length} of ${list.length} change` : `${list.length} files`}>
            <ul className={css.files}>
              {changed.map((c) => (
                <File key={c.path} path={c.path} before={c.before ?? null} after={c.after ?? null} isNew={c.before == null} />
              ))}
              {rest.map(([path, text]) => (
                <File key={path} path={path} before={null} after={text} isNew={false} />
              ))}
            </ul>
            <p className="muted">
              To have them: <code>prodsprint blueprint --plan {blueprint.plan} --out DIR</code>
            </p>
          </Card>
        );
      }}
    </Asked>
  );
}
