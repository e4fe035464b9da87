import { clockTime, duration } from '../app/format.ts';
import { useNow } from './clock.ts';
import css from './live.module.css';
import { useLiveStatus } from './live.tsx';

/** Says what is on screen and how old it is. It lies over the page: nothing moves when it comes or goes. */
export function StaleBanner() {
  const { state, since, heardAt, nextAt, retryNow } = useLiveStatus();
  const now = useNow();
  // A blink while a laptop wakes up is not news.
  const lost = state === 'lost' && now - since > 1_000;
  const next = nextAt ? Math.max(0, Math.ceil((nextAt - now) / 1000)) : null;
  return (
    <>
      <p className="sr-only" role="status">
        {lost ? 'Live connection lost. What is shown may be out of date. Reconnecting.' : ''}
      </p>
      {lost && (
        <aside className={css.banner} data-testid="stale" aria-label="Connection">
          <span className={css.dot} aria-hidden="true" />
          <span>
            <strong>Not live.</strong>{' '}
            {heardAt
              ? `This is how things were at ${clockTime(heardAt)}, ${duration(Math.round((now - heardAt) / 1000))} ago.`
              : 'The server does not answer.'}{' '}
            <span className={css.next}>{next ? `Trying again in ${next} s.` : 'Trying again…'} Deployed applications keep running.</span>
          </span>
          <button type="button" onClick={retryNow}>
            Try now
          </button>
        </aside>
      )}
    </>
  );
}
