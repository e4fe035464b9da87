import type { ReactNode } from 'react';
import ui from './ui.module.css';

/** `wide`: left out on a phone. `n`: its numbers stand on the right. */
type Column = string | { head: string; wide?: boolean; n?: boolean };

/** A table that scrolls by itself when it is wider than the page, by keyboard too. */
export function Table({
  label,
  columns,
  commands,
  className = '',
  children,
}: {
  label: string;
  columns: Column[];
  /** A last column, with what may be done to each row. */
  commands?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className={ui.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={`${ui.table} ${className}`}>
        <thead>
          <tr>
            {columns.map((column) => {
              const { head, wide, n } = typeof column === 'string' ? { head: column } : column;
              return (
                <th key={head} scope="col" className={`${n ? ui.n : ''} ${wide ? ui.wide : ''}`}>
                  {head}
                </th>
              );
            })}
            {commands && (
              <th scope="col">
                <span className="sr-only">Commands</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** What may be done to a row, at its end. */
export function RowCommands({ children }: { children: ReactNode }) {
  return (
    <td className={ui.n}>
      <span className={`${ui.row} ${ui.end}`}>{children}</span>
    </td>
  );
}
