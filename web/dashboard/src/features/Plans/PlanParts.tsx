import { seconds } from '../../api/span.ts';
import type { PlanBlocker, PlanDocument, PlanStep, PolicyProfile, ServiceCommand, ServicePlan, Waiver } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { count, duration, none, percent, sentence, weight, words } from '../../app/format.ts';
import { Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { place } from '../Projects/place.ts';
import css from './PlanParts.module.css';

export function Blockers({ list, waivers }: { list: PlanBlocker[]; waivers: Waiver[] }) {
  return (
    <Card label="Blockers">
      <ul className={css.blockers}>
        {list.map((b) => {
          const waiver = waivers.find((w) => w.blocker === b.id);
          return (
            <li key={b.id} data-waived={waiver ? true : undefined}>
              <div className={ui.row}>
                <h3>{b.title}</h3>
                {waiver ? (
                  <Tag tone="hold" small>
                    Waived
                  </Tag>
                ) : (
                  <Tag tone="bad" icon="warning" small>
                    {b.waivable ? 'Stands' : 'Stands, cannot be waived'}
                  </Tag>
                )}
                <span className={`${ui.small} muted`}>{[b.environment, b.service, place(b.at)].filter(Boolean).join(' · ')}</span>
              </div>
              <p className="muted">{b.why}</p>
              {waiver ? (
                <p>
                  Waived: <q>{waiver.reason}</q>
                </p>
              ) : (
                <p>
                  <strong>Do:</strong> {b.remediation}
                </p>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

export function Changes({ list }: { list: NonNullable<PlanDocument['changes']> }) {
  return (
    <Card label="Changes" title="What changes against the plan approved before">
      <ul className={css.changes}>
        {list.map((c) => (
          <li key={c.path}>
            <span>{c.path}</span>
            {c.before != null && <del>{c.before}</del>}
            {c.after != null && <ins>{c.after}</ins>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function Policy({ policy }: { policy: PolicyProfile }) {
  return (
    <Card label="Policy" title={`Policy: ${policy.name}, version ${policy.version}`}>
      <dl className={ui.facts}>
        <div>
          <dt>Approval</dt>
          <dd>
            {sentence(policy.approval)}
            {policy.approvers != null && `, by ${policy.approvers} people`}
          </dd>
        </div>
        <div>
          <dt>Strategy</dt>
          <dd>{sentence(policy.strategy)}</dd>
        </div>
        <div>
          <dt>Judge</dt>
          <dd>
            {policy.judge?.policy}, error budget {percent(100 * (policy.judge?.alpha ?? 0))}
          </dd>
        </div>
        <div>
          <dt>Gates</dt>
          <dd>{policy.gates?.join(', ') || none}</dd>
        </div>
        <div>
          <dt>Held at most</dt>
          <dd>{duration(seconds(policy.maxHold))}</dd>
        </div>
        <div>
          <dt>Kept warm after promotion</dt>
          <dd>{duration(seconds(policy.warmAfterPromotion))}</dd>
        </div>
        <div>
          <dt>In a freeze window</dt>
          <dd>{sentence(policy.freeze)}</dd>
        </div>
        <div>
          <dt>Artifacts pinned</dt>
          <dd>{count(policy.pinnedArtifacts)}</dd>
        </div>
      </dl>
      <ol className={css.canary} aria-label="Canary steps">
        {policy.steps?.map((s) => (
          <li key={s.weightPercent}>
            <b>{weight(s.weightPercent)}</b>
            <span>
              {duration(seconds(s.minBake))} to {duration(seconds(s.maxBake))}
            </span>
            <span>{s.minRequests > 0 ? `${count(s.minRequests)} requests` : 'no minimum'}</span>
            {s.pause && <span>then waits for a person</span>}
          </li>
        ))}
      </ol>
    </Card>
  );
}

function CommandRow({ what, command }: { what: string; command?: ServiceCommand | null }) {
  if (!command) return null;
  return (
    <div className={css.command}>
      <dt>{what}</dt>
      <dd>
        <code>{command.line}</code>
        <span className="muted">
          {' '}
          {command.source}
          {command.directory !== '.' && ` in ${command.directory}`}
        </span>
      </dd>
    </div>
  );
}

function Service({ s, entry }: { s: ServicePlan; entry: boolean }) {
  return (
    <div className={css.service}>
      <div className={ui.row}>
        <h3>{s.name}</h3>
        {entry && (
          <Tag tone="accent" small>
            Gets the traffic
          </Tag>
        )}
        <span className={`${ui.small} muted`}>
          {[s.language, s.languageVersion, s.framework, words(s.kind)].filter(Boolean).join(' · ')}
        </span>
      </div>
      <dl className={css.commands}>
        <CommandRow what="Install" command={s.install} />
        <CommandRow what="Build" command={s.build} />
        <CommandRow what="Test" command={s.test} />
        <CommandRow what="Migrate" command={s.migrate} />
        <CommandRow what="Start" command={s.start} />
        {s.staticDirectory && (
          <div className={css.command}>
            <dt>Serve</dt>
            <dd>
              <code>{s.staticDirectory}</code>
            </dd>
          </div>
        )}
        {s.health && (
          <div className={css.command}>
            <dt>Health</dt>
            <dd>
              <code>GET {s.health.path}</code>
              <span className="muted">
                {' '}
                every {duration(seconds(s.health.interval))}, ready within {duration(seconds(s.health.startDeadline))}
              </span>
            </dd>
          </div>
        )}
        {s.port && (
          <div className={css.command}>
            <dt>Port</dt>
            <dd>
              chosen by the platform
              {s.port.variable && (
                <>
                  , in <code>{s.port.variable}</code>
                </>
              )}
              <span className="muted"> (else {s.port.default})</span>
            </dd>
          </div>
        )}
        {s.limits && (
          <div className={css.command}>
            <dt>Limits</dt>
            <dd>
              {count(s.limits.memoryMiB)} MiB, {count(s.limits.maxProcesses)} processes, build within{' '}
              {duration(seconds(s.limits.buildDeadline))}
            </dd>
          </div>
        )}
      </dl>
      {(s.variables?.length ?? 0) > 0 && (
        <ul className={css.variables} aria-label={`Variables of ${s.name}`}>
          {s.variables!.map((v) => (
            <li key={v.name} data-state={v.state}>
              <code>{v.name}</code>{' '}
              <span>
                {v.secret ? 'secret, ' : ''}
                {v.value != null ? `= ${v.value}` : words(v.state)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function Environments({ doc }: { doc: PlanDocument }) {
  return (
    <Card label="What would run" title="What would be built and run">
      <div className={css.environments}>
        {doc.environments?.map((e) => (
          <div key={e.name} className={ui.stack}>
            <p className={css.environment}>{sentence(e.name)}</p>
            {e.services.map((s) => (
              <Service key={s.name} s={s} entry={s.name === doc.entry} />
            ))}
          </div>
        ))}
      </div>
    </Card>
  );
}

const reversible: Record<PlanStep['reversibility'], { text: string; tone: 'good' | 'plain' | 'hold' | 'bad' }> = {
  exact: { text: 'Exactly', tone: 'good' },
  approximate: { text: 'Approximately', tone: 'plain' },
  withResidue: { text: 'With residue', tone: 'hold' },
  notAtAll: { text: 'Not at all', tone: 'bad' },
};

export function Steps({ list }: { list: PlanStep[] }) {
  return (
    <section className={ui.stack} aria-labelledby="steps">
      <h2 id="steps">Steps, and the way back from each</h2>
      <Table label="Steps" columns={[{ head: '#', n: true }, 'Step', { head: 'Where', wide: true }, 'Can be taken back', 'Way back']}>
        {list?.map((s) => {
          const r = reversible[s.reversibility] ?? { text: sentence(s.reversibility), tone: 'plain' as const };
          return (
            <tr key={s.number}>
              <td className={`${ui.n} muted`}>{s.number}</td>
              <td>{s.title}</td>
              <td className={`${ui.wide} muted`}>{[s.environment, s.service].filter(Boolean).join(' / ')}</td>
              <td>
                <Tag tone={r.tone} small>
                  {r.text}
                </Tag>
              </td>
              <td>
                {s.wayBack}
                {s.residue && <span className="muted"> Stays behind: {s.residue}</span>}
              </td>
            </tr>
          );
        })}
      </Table>
    </section>
  );
}
