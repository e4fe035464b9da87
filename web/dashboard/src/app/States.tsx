import { useState, type ReactNode } from 'react';
import { ApiProblem } from '../api/client.ts';
import { Icon, type IconName } from './Icon.tsx';
import css from './States.module.css';

/** A command to type, with a button that copies it. */
export function Command({ line }: { line: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(line);
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    } catch {
      // No clipboard over plain HTTP: the text can be selected.
    }
  };
  return (
    <span className={css.command}>
      <code>{line}</code>
      <button type="button" onClick={() => void copy()} aria-label={copied ? 'Copied' : `Copy: ${line}`}>
        <Icon name={copied ? 'check' : 'copy'} size={16} />
      </button>
    </span>
  );
}

/** Nothing here yet: what it is for, and the next step. */
export function Empty({
  icon,
  title,
  children,
  command,
  action,
}: {
  icon: IconName;
  title: string;
  children?: ReactNode;
  command?: string;
  action?: ReactNode;
}) {
  return (
    <div className={css.empty}>
      <span className={css.icon}>
        <Icon name={icon} size={24} />
      </span>
      <p className={css.title}>{title}</p>
      {children && <p className={css.text}>{children}</p>}
      {command && <Command line={command} />}
      {action}
    </div>
  );
}

export function Failure({ error, what, retry }: { error: unknown; what: string; retry?: () => void }) {
  const problem = error instanceof ApiProblem ? error : null;
  return (
    <div className={css.failure} role="alert">
      <Icon name="warning" size={20} />
      <div>
        <p className={css.title}>{problem ? problem.title : `${what} could not be shown`}</p>
        <p className={css.text}>{error instanceof Error ? error.message : 'Unknown error.'}</p>
        {problem?.next && <p className={css.nextStep}>Next: {problem.next}</p>}
        {problem?.problem.requestId && (
          <p className={css.text}>
            Request <code>{problem.problem.requestId}</code>
          </p>
        )}
        {retry && (
          <button type="button" className={css.again} onClick={retry}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}

/** Takes the room that the content will take, so that nothing jumps. */
export function Loading({ rows = 3, label, rowHeight = 56 }: { rows?: number; label: string; rowHeight?: number }) {
  return (
    <div className={css.loading} role="status" aria-label={`Loading ${label}`}>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} style={{ height: rowHeight }} />
      ))}
    </div>
  );
}

/** The three states a list or a page is in before it has something to show. */
export function Asked<T>({
  query,
  what,
  rows,
  rowHeight,
  empty,
  children,
}: {
  query: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  what: string;
  rows?: number;
  rowHeight?: number;
  empty?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) {
    return empty && Array.isArray(query.data) && query.data.length === 0 ? empty : children(query.data);
  }
  if (query.error) return <Failure error={query.error} what={what} retry={() => void query.refetch()} />;
  return <Loading label={what} rows={rows} rowHeight={rowHeight} />;
}
