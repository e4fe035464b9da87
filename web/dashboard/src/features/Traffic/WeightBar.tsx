import { weight } from '../../app/format.ts';
import css from './WeightBar.module.css';
import type { Share } from './weights.ts';

/** The split of production traffic, drawn to scale; the new version is the accent. */
export function WeightBar({ list, compact = false }: { list: Share[]; compact?: boolean }) {
  const text = list.map((s) => `${s.version} ${weight(s.weightPercent)}`).join(', ') || 'no version has traffic';
  return (
    <div className={css.bar} data-compact={compact || undefined}>
      <div className={css.track} role="img" aria-label={`Traffic: ${text}`}>
        {list.map((s) => (
          <span key={s.version} data-role={s.role} style={{ width: `${s.weightPercent}%` }} />
        ))}
      </div>
      {!compact && (
        <div className={css.legend} aria-hidden="true">
          {list.map((s) => (
            <span key={s.version} data-role={s.role}>
              <i />
              <b>{s.version}</b> {s.role === 'canary' ? 'canary' : 'stable'} <em>{weight(s.weightPercent)}</em>
            </span>
          ))}
        </div>
      )}
    </div>
  );
}
