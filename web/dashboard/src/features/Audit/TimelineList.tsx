import { Link } from '@tanstack/react-router';
import type { TimelineEntry } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { who } from '../../app/format.ts';
import { projectOfEntry } from '../../live/events.ts';
import { readDiff } from './diff.ts';
import css from './TimelineList.module.css';
import { EntryText } from './EntryText.tsx';
import { toneOf } from './tone.ts';

function DiffLink({ diff }: { diff: string }) {
  const d = readDiff(diff);
  return d.kind === 'plan' ? (
    <Link to="/projects/$project/plan/$number" params={{ project: d.project, number: d.number }}>
      {d.text}
    </Link>
  ) : (
    <code title={d.title}>{d.text}</code>
  );
}

/** What happened, by whom and why. Entries are never changed, so each is drawn once. */
export function TimelineList({ entries }: { entries: TimelineEntry[] }) {
  if (entries.length === 0) return <p className="muted">Nothing has happened yet. Every step will be written here, with who and why.</p>;
  return (
    <ol className={css.list}>
      {entries.map((e) => {
        const project = projectOfEntry(e);
        return (
          <li key={e.seq} data-tone={toneOf(e)}>
            <span className={css.dot} aria-hidden="true" />
            <div className={css.body}>
              <p>
                <EntryText text={e.text} />
              </p>
              <p className={css.meta}>
                {who(e.actor)}
                {e.reason && (
                  <>
                    :{' '}
                    <q>
                      <EntryText text={e.reason} />
                    </q>
                  </>
                )}
                {e.release != null && project && (
                  <>
                    {' '}
                    ·{' '}
                    <Link to="/projects/$project/releases/$number" params={{ project, number: String(e.release) }}>
                      release {e.release}
                    </Link>
                  </>
                )}
                {e.diff && (
                  <>
                    {' '}
                    · <DiffLink diff={e.diff} />
                  </>
                )}
              </p>
            </div>
            <span className={css.at}>
              <Ago at={e.at} />
            </span>
          </li>
        );
      })}
    </ol>
  );
}
