import { Button } from '@mantine/core';
import type { Saving } from '../../api/types.ts';
import css from './Blueprint.module.css';
import { money } from './costs.ts';

/** What is too small, then what could be had for less; a plan of each is one click away, where one can carry it out. */
export function Savings({ savings, choose }: { savings: Saving[]; choose: (code: string) => void }) {
  return (
    <ul className={css.savings}>
      {savings.map((s) => (
        <li key={s.code} data-kind={s.kind}>
          <span>
            <b>{s.monthly < 0 ? `${money(-s.monthly)} more` : s.kind === 'risk' ? 'At risk' : `${money(s.monthly)} less`}</b>: {s.title}.{' '}
            <span className="muted">{s.how}.</span>
          </span>
          {s.change && (
            <Button size="compact-sm" variant="default" onClick={() => choose(s.code)} aria-label={`See the plan: ${s.title}`}>
              See the plan
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
