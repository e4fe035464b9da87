import { Fragment } from 'react';
import css from './Blueprint.module.css';
import type { Numbered, Row } from './sideBySide.ts';

function Side({ line, tone, spoken }: { line: Numbered | null; tone?: 'bad' | 'good'; spoken?: string }) {
  return (
    <>
      <td className={css.number}>{line?.n}</td>
      <td className={css.line} data-tone={line ? tone : 'none'}>
        {line && spoken && <span className="sr-only">{spoken} </span>}
        {line?.text}
      </td>
    </>
  );
}

/** A file as it is and as it will be. */
export function SideBySide({
  rows,
  path,
  names: [before, after] = ['Approved before', 'Now'],
}: {
  rows: Row[];
  path: string;
  names?: [before: string, after: string];
}) {
  return (
    <div className={css.diff} tabIndex={0} role="region" aria-label={`${path}, ${before.toLowerCase()} and ${after.toLowerCase()}`}>
      <table>
        <colgroup>
          <col className={css.number} />
          <col />
          <col className={css.number} />
          <col />
        </colgroup>
        <thead className="sr-only">
          <tr>
            <th colSpan={2}>{before}</th>
            <th colSpan={2}>{after}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <Fragment key={i}>
              {row.kind === 'gap' ? (
                <tr>
                  <td colSpan={4} className={css.gap}>
                    {row.count} equal {row.count === 1 ? 'line' : 'lines'}
                  </td>
                </tr>
              ) : (
                <tr>
                  <Side
                    line={row.left}
                    tone={row.kind === 'changed' ? 'bad' : undefined}
                    spoken={row.kind === 'changed' ? 'removed:' : undefined}
                  />
                  <Side
                    line={row.right}
                    tone={row.kind === 'changed' ? 'good' : undefined}
                    spoken={row.kind === 'changed' ? 'added:' : undefined}
                  />
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}
