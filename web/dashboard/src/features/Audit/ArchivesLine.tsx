import type { AuditArchiveState } from '../../api/types.ts';
import { count, fullTime, who } from '../../app/format.ts';
import { Icon } from '../../app/Icon.tsx';
import ui from '../../app/ui.module.css';
import css from './AuditLog.module.css';

const byServer = 'system:audit-archive';

/** Where the rows are that are not here any more, and what keeps older ones from going there. */
export function ArchivesLine({ archives }: { archives: AuditArchiveState }) {
  const { last, problem } = archives;
  if (!last && !problem) return null;
  return (
    <div className={ui.stack} style={{ gap: 8 }} role="group" aria-label="Archives">
      {problem && (
        <div className={css.archiving}>
          <Icon name="warning" size={18} />
          <div>
            <p>
              <strong>What is old could not be archived since {fullTime(Date.parse(problem.since))}.</strong> It stays here, and nothing is
              lost.
            </p>
            <p>{problem.detail}</p>
            <p>
              Next: {problem.next}. Last tried {fullTime(Date.parse(problem.triedAt))}.
            </p>
          </div>
        </div>
      )}
      {last && (
        <p className={`${ui.small} muted`}>
          Rows up to {count(last.to)} are in sealed archives: the last {count(last.to - last.from + 1)} of them since{' '}
          {fullTime(Date.parse(last.at))}, by {last.by === byServer ? 'the server' : who(last.by)}
          {last.file ? (
            <>
              , in <code>{last.file}</code>
            </>
          ) : null}
          .
        </p>
      )}
    </div>
  );
}
