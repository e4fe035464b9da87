import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { AuditLine } from '../../api/types.ts';
import { fullTime, momentOf, shortDigest, who } from '../../app/format.ts';
import { Icon } from '../../app/Icon.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { outcome } from './auditFilter.ts';
import { pageOf } from './auditLog.ts';
import css from './AuditLog.module.css';

function Digest({ value, none }: { value: string | null | undefined; none: string }) {
  // Of what has no stored form, as a membership, the log says what it was.
  if (value && !value.startsWith('sha256:')) return <code>{value}</code>;
  return value ? <code title={value}>{shortDigest(value)}</code> : <span className="muted">{none}</span>;
}

function Details({ line }: { line: AuditLine }) {
  const page = pageOf(line);
  const changed = line.before && line.after && line.before !== line.after;
  return (
    <dl className={css.details}>
      <div>
        <dt>When</dt>
        <dd>{fullTime(Date.parse(line.at))}</dd>
      </div>
      <div>
        <dt>Known by</dt>
        <dd>{line.credential}</dd>
      </div>
      <div>
        <dt>From</dt>
        <dd>{line.origin || <span className="muted">{line.salt ? 'not said' : 'erased'}</span>}</dd>
      </div>
      <div className={css.broad}>
        <dt>Program</dt>
        <dd>{line.agent || <span className="muted">{line.salt ? 'not said' : 'erased'}</span>}</dd>
      </div>
      {(line.before || line.after) && (
        <div className={css.broad}>
          <dt>The resource {changed ? 'changed' : line.before === line.after ? 'stayed the same' : ''}</dt>
          <dd className={css.change}>
            <Digest value={line.before} none="none before" />
            <Icon name="forward" size={13} />
            <Digest value={line.after} none={line.outcome === 'requested' ? 'not yet' : 'none after'} />
          </dd>
        </div>
      )}
      {line.reason && (
        <div className={css.broad}>
          <dt>Why</dt>
          <dd>{line.reason}</dd>
        </div>
      )}
      <div>
        <dt>Request</dt>
        <dd>
          <code>{line.request}</code>
        </dd>
      </div>
      <div className={css.broad}>
        <dt>Chain</dt>
        <dd className={css.change}>
          {line.previous ? <code title={line.previous}>{line.previous.slice(0, 12)}</code> : <span className="muted">the first row</span>}
          <Icon name="chain" size={14} />
          <code title={line.hash}>{line.hash.slice(0, 12)}</code>
        </dd>
      </div>
      {page && (
        <div>
          <dt>Page</dt>
          <dd>
            <Link to={page}>{line.resource}</Link>
          </dd>
        </div>
      )}
    </dl>
  );
}

function Outcome({ line }: { line: AuditLine }) {
  const came = outcome(line.outcome);
  return (
    <>
      <Tag tone={came.tone} small>
        {came.text}
      </Tag>
      {came.code && <span className={`${css.code} muted`}>{came.code}</span>}
    </>
  );
}

export function AuditRow({ line }: { line: AuditLine }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const at = Date.parse(line.at);
  return (
    <>
      <tr data-open={open || undefined}>
        <td>
          <button
            type="button"
            className={css.expand}
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            aria-label={`Row ${line.seq}: ${line.action} by ${who(line.actor)}`}
            onClick={() => setOpen(!open)}
          >
            <Icon name="chevron" size={14} />
            <span>{line.seq}</span>
          </button>
        </td>
        <td className="muted" style={{ whiteSpace: 'nowrap' }}>
          <time dateTime={line.at} title={fullTime(at)}>
            {momentOf(at, Date.now())}
          </time>
        </td>
        <td>{who(line.actor)}</td>
        <td>
          <code>{line.action}</code>
          <span className={css.narrow}>
            <Outcome line={line} />
          </span>
        </td>
        <td className={`${ui.wide} ${css.resource}`}>
          <code>{line.resource}</code>
        </td>
        <td className={ui.wide}>
          <Outcome line={line} />
        </td>
      </tr>
      {open && (
        <tr id={id} className={css.opened}>
          <td colSpan={6}>
            <Details line={line} />
          </td>
        </tr>
      )}
    </>
  );
}
