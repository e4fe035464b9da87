import { useQuery } from '@tanstack/react-query';
import { auditQuery } from '../../api/queries.ts';
import { ApiProblem } from '../../api/client.ts';
import type { AuditReport, Gap, ServiceAudit } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { bytes, count, none, shortCommit } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import css from './AuditTab.module.css';
import { place } from './place.ts';
import { useProjectId } from './ProjectPage.tsx';

const severities = {
  blocking: { tone: 'bad', icon: 'cross', text: 'Blocking' },
  warning: { tone: 'hold', icon: 'warning', text: 'Warning' },
  info: { tone: 'plain', icon: 'info', text: 'Info' },
} as const;

function Gaps({ list }: { list: Gap[] }) {
  if (list.length === 0) return <p className="muted">No gaps: everything that a release needs was found.</p>;
  return (
    <ul className={css.gaps}>
      {list.map((g, i) => {
        const s = severities[g.severity] ?? severities.info;
        return (
          <li key={`${g.code}/${g.service}/${place(g.at)}/${i}`}>
            <div className={ui.row}>
              <Tag tone={s.tone} icon={s.icon} small>
                {s.text}
              </Tag>
              <h3>{g.title}</h3>
              <code className="muted">{place(g.at) ?? g.code}</code>
            </div>
            <p className="muted">{g.why}</p>
            <p>
              <strong>Do:</strong> {g.remediation}
            </p>
          </li>
        );
      })}
    </ul>
  );
}

function Service({ s }: { s: ServiceAudit }) {
  const facts: [string, string | null | undefined, string?][] = [
    ['Language', [s.language, s.languageVersion?.value].filter(Boolean).join(' '), s.languageVersion?.source],
    ['Packages', s.packageManager?.value, s.packageManager?.source],
    ['Framework', s.framework],
    ['Install', s.installCommand?.line, s.installCommand?.source],
    ['Build', s.buildCommand?.line, s.buildCommand?.source],
    ['Start', s.startCommand?.line, s.startCommand?.source],
    ['Serves', s.outputDirectory],
    ['Port', s.port ? `${s.port.number}${s.port.variable ? ` (${s.port.variable})` : ', fixed in the code'}` : null, s.port?.source],
    ['Health', s.healthPath?.value, s.healthPath?.source],
    ['Tests', s.tests ? `${s.tests.runner}, ${count(s.tests.files)} files` : null],
    ['Migrations', s.migrations?.map((m) => `${m.tool}, ${count(m.count)}`).join('; ') || null],
    ['Dockerfile', s.dockerfile?.path],
    ['Needs', s.needs?.join(', ') || null],
  ];
  return (
    <Card
      label={`Service ${s.name}`}
      title={s.name}
      aside={
        <span className={`${ui.small} muted`}>
          {s.kind}
          {s.path === '.' ? (
            ' in the root'
          ) : (
            <>
              {' '}
              in <code>{s.path}</code>
            </>
          )}
        </span>
      }
    >
      <dl className={ui.facts}>
        {facts
          .filter(([, value]) => value)
          .map(([label, value, source]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd title={source}>{value}</dd>
            </div>
          ))}
      </dl>
      {(s.environmentVariables?.length ?? 0) > 0 && (
        <ul className={css.variables} aria-label={`Variables that ${s.name} reads`}>
          {s.environmentVariables!.map((v) => (
            <li key={v.name} title={v.readAt?.map(place).join(', ')}>
              <code>{v.name}</code>{' '}
              <span>
                {v.required ? 'required' : v.default != null ? `else ${v.default}` : 'optional'}
                {v.secret && ', secret'}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Report({ report }: { report: AuditReport }) {
  return (
    <div className={ui.page}>
      <p className="muted">
        Commit <code>{shortCommit(report.commit)}</code>
        {report.tree && (
          <>
            , {count(report.tree.files)} files, {bytes(report.tree.bytes)}
          </>
        )}
        , {report.services?.length ? count(report.services.length) : none} {report.services?.length === 1 ? 'service' : 'services'} found
      </p>
      <Card label="Gaps">
        <Gaps list={report.gaps ?? []} />
      </Card>
      {report.services?.map((s) => (
        <Service key={`${s.path}/${s.name}`} s={s} />
      ))}
    </div>
  );
}

export function AuditTab() {
  const id = useProjectId();
  const audit = useQuery({ ...auditQuery(id), retry: false });
  if (audit.error instanceof ApiProblem && audit.error.status === 404)
    return (
      <Empty icon="search" title="Not audited yet" command={`prodsprint plan --project ${id}`}>
        The audit reads the repository and executes nothing of it.
      </Empty>
    );
  return (
    <Asked query={audit} what="the audit" rows={2} rowHeight={180}>
      {(report) => <Report report={report} />}
    </Asked>
  );
}
