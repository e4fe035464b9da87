import { useQuery } from '@tanstack/react-query';
import { timelineQuery } from '../../api/queries.ts';
import type { ReleaseView } from '../../api/types.ts';
import { duration, who } from '../../app/format.ts';
import { useNow } from '../../live/clock.ts';
import { overrideOf } from './freezeOverride.ts';
import css from './ReleasePanel.module.css';

export function useFreezeOverride(release: ReleaseView) {
  const entries = useQuery(timelineQuery(release.project)).data ?? [];
  return overrideOf(entries, release, useNow());
}

/** Whether a freeze is being overridden: who asked, who has confirmed, and how long that is still worth something. */
export function FreezeOverrideNote({ release }: { release: ReleaseView }) {
  const now = useNow();
  const o = useFreezeOverride(release);
  if (!o) return null;
  const left = duration(Math.floor((o.until - now) / 1000), true);
  return (
    <p className={css.override} role="note">
      {o.confirmedBy
        ? `${who(o.askedBy)} and ${who(o.confirmedBy)} have overridden the freeze for this release: ${left} left.`
        : `${who(o.askedBy)} asks to go on in the freeze. Somebody else has to confirm it within ${left}.`}
    </p>
  );
}
