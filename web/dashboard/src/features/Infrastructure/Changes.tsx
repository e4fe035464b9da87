import { useState } from 'react';
import type { InfrastructureChange } from '../../api/types.ts';
import { Tag } from '../Gates/Verdict.tsx';
import diff from '../Plans/Blueprint.module.css';
import { SideBySide } from '../Plans/SideBySide.tsx';
import { changedLines, sideBySide } from '../Plans/sideBySide.ts';
import { actions, readable } from './environmentState.ts';

function Change({ change: c }: { change: InfrastructureChange }) {
  const [open, setOpen] = useState(false);
  const [before, after] = [readable(c.before), readable(c.after)];
  const differs = before !== after;
  const rows = differs ? sideBySide(before, after) : null;
  const lines = rows && changedLines(rows);
  const { tone, text } = actions[c.action];
  const head = (
    <>
      <Tag tone={tone} small>
        {text}
      </Tag>
      <code>{c.address}</code>
      {c.why && <span>{c.why}</span>}
      {lines && (
        <span className={diff.lines}>
          <ins>+{lines.added}</ins> <del>{`\u2212${lines.removed}`}</del>
        </span>
      )}
    </>
  );
  if (!rows)
    return (
      <li>
        <div className={diff.plain}>{head}</div>
      </li>
    );
  return (
    <li>
      <details open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary>{head}</summary>
        {open && <SideBySide rows={rows} path={c.address} names={['As it is', 'As planned']} />}
      </details>
    </li>
  );
}

/** What would be done to each part, and what of it would be another. */
export function Changes({ list, label }: { list: InfrastructureChange[]; label: string }) {
  return (
    <ul className={diff.files} aria-label={label}>
      {list.map((c) => (
        <Change key={c.address} change={c} />
      ))}
    </ul>
  );
}
