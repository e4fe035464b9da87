import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import type { Quota } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { bytes, count, sentence } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import css from './Quotas.module.css';
import { WorkspaceFreezeCard } from '../Projects/FreezeCard.tsx';
import { currentWorkspace } from './workspace.ts';

const quotasQuery = queryOptions({
  queryKey: ['quotas'],
  queryFn: async () => (await ask(api.GET('/v1/quotas', {}))).items,
  refetchInterval: 15_000,
});

/** Bytes as people read them; anything else with its unit said once. */
const used = (q: Quota) => (q.unit === 'bytes' ? bytes(q.used) : count(q.used));
const limit = (q: Quota) => (q.unit === 'bytes' ? bytes(q.limit) : `${count(q.limit)} ${q.unit}`);

/** From nine tenths on it is worth a look; at the limit things are refused. */
const state = (q: Quota) => (q.used >= q.limit ? 'full' : q.used >= 0.9 * q.limit ? 'near' : 'fine');

function Limit({ q }: { q: Quota }) {
  const share = q.limit > 0 ? Math.min(1, q.used / q.limit) : 1;
  const label = sentence(q.name);
  return (
    <li className={css.quota} data-state={state(q)}>
      <div className={css.head}>
        <h3>{label}</h3>
        <span>
          <b>{used(q)}</b> <span className="muted">of {limit(q)}</span>
        </span>
      </div>
      <div
        className={css.track}
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={q.limit}
        aria-valuenow={Math.min(q.used, q.limit)}
        aria-valuetext={`${used(q)} of ${limit(q)}`}
      >
        <span style={{ width: `${100 * share}%` }} />
      </div>
      <p className={`${ui.small} muted`}>{q.over}</p>
    </li>
  );
}

/** What the workspace may use, what it does, and what happens beyond it; and when nothing is released in it. */
export function QuotasTab() {
  const quotas = useQuery(quotasQuery);
  return (
    <div className={ui.page}>
      <Card label="Limits" title={`Limits of ${currentWorkspace()}`} aside="Whoever runs this server can change them">
        <Asked query={quotas} what="the limits" rows={4} rowHeight={64} empty={<Empty icon="info" title="This workspace has no limits" />}>
          {(list) => (
            <ul className={css.quotas}>
              {list.map((q) => (
                <Limit key={q.name} q={q} />
              ))}
            </ul>
          )}
        </Asked>
      </Card>
      <WorkspaceFreezeCard />
    </div>
  );
}
