import type { BlueprintView } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { count } from '../../app/format.ts';
import { Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import css from './Blueprint.module.css';
import { byPart, money } from './costs.ts';
import { Savings } from './Savings.tsx';

const clouds: Record<string, string> = { azure: 'Azure', gcp: 'Google Cloud' };

type Cost = BlueprintView['cost_estimate'];

/** A month, by environment and part, with what it rests on and where it could be less. */
export function BlueprintCost({ cost, applied, choose }: { cost: Cost; applied: boolean; choose: (code: string) => void }) {
  const parts = byPart(cost.items);
  const most = Math.max(...parts.map((p) => p.high), 1);
  return (
    <Card label="Cost" aside={`list prices of ${cost.region}, ${cost.priceDate}`}>
      <div className={css.price}>
        <p>
          <b>
            {money(cost.low)} to {money(cost.high)}
          </b>{' '}
          {cost.currency} a month
          {cost.change != null && (
            <span className="muted">
              {' '}
              ({cost.change < 0 ? '\u2212' : '+'}
              {money(Math.abs(cost.change))} against {applied ? 'the plan as it is' : 'what is approved now'})
            </span>
          )}
        </p>
        <p className="muted">
          {Object.entries(cost.elsewhere)
            .map(([where, price]) => `${clouds[where] ?? where} about ${money(price)}`)
            .join(', ')}
        </p>
      </div>
      <ul className={css.parts}>
        {parts.map((p) => (
          <li key={`${p.environment}/${p.part}`}>
            <span>
              {p.part} <span className="muted">{p.environment}</span>
            </span>
            <span className={css.bar} aria-hidden="true">
              <i style={{ width: `${(100 * p.high) / most}%` }} />
            </span>
            <span className={ui.n}>{p.low === p.high ? money(p.high) : `${money(p.low)} to ${money(p.high)}`}</span>
          </li>
        ))}
      </ul>
      {cost.savings.length > 0 && <Savings savings={cost.savings} choose={choose} />}
      <details className={css.fold}>
        <summary>Every item, and what is assumed</summary>
        <p className="muted">
          {count(cost.usage.requestsPerMonth)} requests and {count(cost.usage.egressGiB)} GiB out in a month, {cost.usage.storageGiB} GiB of
          files, {cost.usage.databaseGiB} GiB of database, {cost.usage.logGiB} GiB of logs; staging runs {cost.usage.stagingHours} hours.
          Other figures: prodsprint blueprint --help
        </p>
        <Table
          label="Items"
          columns={['Environment', 'Part', 'Item', { head: 'Quantity', n: true }, { head: 'Price', n: true }, { head: 'A month', n: true }]}
        >
          {cost.items.map((i) => (
            <tr key={`${i.environment}/${i.part}/${i.item}`}>
              <td>{i.environment}</td>
              <td>{i.part}</td>
              <td>
                {i.item}
                {i.priceOf && <span className="muted"> (price of {i.priceOf})</span>}
              </td>
              <td className={ui.n}>{count(i.quantity)}</td>
              <td className={ui.n}>{i.unitPrice}</td>
              <td className={ui.n}>{i.low === i.high ? money(i.high) : `${money(i.low)} to ${money(i.high)}`}</td>
            </tr>
          ))}
        </Table>
      </details>
    </Card>
  );
}
