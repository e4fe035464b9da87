import { duration } from '../app/format.ts';
import { useNow } from './clock.ts';
import css from './live.module.css';
import { useLiveStatus } from './live.tsx';

export function LiveBadge() {
  const { state, heardAt } = useLiveStatus();
  const now = useNow();
  const age = heardAt ? duration(Math.round((now - heardAt) / 1000)) : null;
  return (
    <div className={css.badge} data-state={state}>
      <span className={css.dot} aria-hidden="true" />
      <span>{state === 'live' ? 'Live' : state === 'connecting' ? 'Connecting' : age ? `Stale, ${age}` : 'Not connected'}</span>
    </div>
  );
}
