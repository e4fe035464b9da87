import { useNavigate } from '@tanstack/react-router';
import { api, ask } from '../../api/client.ts';
import type { BlueprintView } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { percent, sentence, weight } from '../../app/format.ts';
import { Tag } from '../Gates/Verdict.tsx';
import css from './Blueprint.module.css';

const tones: Record<string, 'good' | 'hold' | 'bad'> = { low: 'good', medium: 'hold', high: 'bad' };

/** Term by term: what makes it riskier to the right, what makes it safer to the left, in log odds. */
export function BlueprintRisk({ risk, project, commit }: { risk: NonNullable<BlueprintView['risk']>; project: string; commit: string }) {
  const navigate = useNavigate();
  const widest = Math.max(1, ...risk.terms.map((t) => Math.abs(t.weight)));
  const { advice } = risk;
  return (
    <Card
      label="Risk of the change"
      aside={
        <Tag tone={tones[risk.level] ?? 'plain'}>
          {sentence(risk.level)}, {percent(100 * risk.probability, 0)}
        </Tag>
      }
    >
      <ul className={css.terms}>
        {risk.terms.map((t) => (
          <li key={t.name} title={t.why}>
            <span>{sentence(t.name)}</span>
            <span className={css.scale} data-tone={t.weight > 0 ? 'bad' : 'good'} aria-hidden="true">
              <i style={{ width: `${(50 * Math.abs(t.weight)) / widest}%`, [t.weight > 0 ? 'left' : 'right']: '50%' }} />
            </span>
            <span>
              <b>
                {t.weight > 0 ? '+' : t.weight < 0 ? '\u2212' : ''}
                {Math.abs(t.weight).toFixed(2)}
              </b>{' '}
              {t.value}
            </span>
          </li>
        ))}
      </ul>
      <p className="muted">
        Advice: {advice.weights.map((w) => weight(w)).join(' → ')},{' '}
        {advice.minRequestsFactor === 1 ? 'the usual' : `${advice.minRequestsFactor} times the`} evidence,{' '}
        {advice.approvers === 0
          ? 'approval as the profile has it'
          : `approved by ${advice.approvers === 1 ? 'somebody else' : `${advice.approvers} people other`} than its author`}
        {advice.pauseBeforeFull && ', and a person before 100 %'}.{' '}
        {risk.releases === 0
          ? 'This project has no release to learn from yet.'
          : `Learned from ${risk.releases} ${risk.releases === 1 ? 'release' : 'releases'}, of which ${percent(100 * risk.baseRate, 0)} were taken back.`}
        {risk.brierScore != null && ` Brier score of what was foretold: ${risk.brierScore.toFixed(3)} (0 is perfect, 0.25 a coin).`}
      </p>
      <CommandWithDialog
        action="RequestPlan"
        label="Plan it with this care"
        inRow
        changes={['plans', 'plan', 'project']}
        send={async (reason, key) => {
          await ask(
            api.POST('/v1/projects/{project}/plans', {
              params: { path: { project } },
              headers: { 'Idempotency-Key': key },
              body: { ref: commit, care: risk.level, reason },
            }),
          );
          await navigate({ to: '/projects/$project/plan', params: { project } });
        }}
        done="A plan with this care is being made."
        consequence="The same commit is planned again. Its canary, evidence and approval follow this advice, and are never less careful than the profile's. Nothing runs before somebody has approved that plan."
      />
    </Card>
  );
}
