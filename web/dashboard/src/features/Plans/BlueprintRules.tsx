import type { BlueprintView } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import css from './Blueprint.module.css';

/** What stands against it first, with what to do; what holds, folded. */
export function BlueprintRules({ results }: { results: BlueprintView['policies'] }) {
  const failed = results.filter((r) => !r.passed);
  const passed = results.filter((r) => r.passed);
  return (
    <Card label="Rules" aside={`${results[0]?.profile ?? ''}: ${passed.length} of ${results.length} hold`}>
      <ul className={css.rules}>
        {failed.map((r) => (
          <li key={r.rule} data-level={r.level}>
            <div className={ui.row}>
              <h3>{r.title}</h3>
              <Tag tone={r.level === 'block' ? 'bad' : 'hold'} icon="warning" small>
                {r.level === 'block' ? 'Blocks' : 'Warns'}
              </Tag>
              <span className={`${ui.small} muted`}>{r.controls.join(', ')}</span>
            </div>
            {r.evidence.length > 0 && <p className="muted">{r.evidence.join('; ')}</p>}
            {r.opa && (
              <p className="muted">
                opa says it {r.opa.passed ? 'holds' : 'does not hold'}
                {r.opa.evidence.length > 0 && `: ${r.opa.evidence.join('; ')}`}
              </p>
            )}
            {r.remediation && (
              <p>
                <strong>Do:</strong> {r.remediation}
              </p>
            )}
          </li>
        ))}
      </ul>
      {passed.length > 0 && (
        <details className={css.fold} open={failed.length === 0}>
          <summary>
            {passed.length} {passed.length === 1 ? 'rule holds' : 'rules hold'}
          </summary>
          <ul>
            {passed.map((r) => (
              <li key={r.rule}>
                {r.title} <span className="muted">{[...r.controls, ...r.evidence].join(', ')}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}
