import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { AuditVerdict } from '../../api/types.ts';
import { Card } from '../../app/Card.tsx';
import { count, sentence } from '../../app/format.ts';
import { Icon } from '../../app/Icon.tsx';
import { Command, Failure } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { headPattern, verifyLog } from './auditLog.ts';
import css from './AuditLog.module.css';
import { chainPicture } from './chainPicture.ts';

function Picture({ verdict }: { verdict: AuditVerdict }) {
  const pieces = chainPicture(verdict.rows, verdict.faults);
  return (
    <figure className={css.chain}>
      <div className={css.band} aria-hidden="true">
        {pieces.map((p) => (
          <span
            key={p.from}
            data-kind={p.kind ?? undefined}
            style={{ left: `${100 * p.from}%`, width: `${100 * (p.to - p.from)}%` }}
            title={p.seq === null ? undefined : `Row ${p.seq}: ${p.kind}`}
          />
        ))}
      </div>
      <figcaption>
        <span>row 1</span>
        <span>row {count(Math.max(verdict.rows, ...verdict.faults.map((f) => f.seq)))}</span>
      </figcaption>
    </figure>
  );
}

function Result({ verdict }: { verdict: AuditVerdict }) {
  return (
    <div className={ui.stack} role="status">
      <div className={ui.row}>
        <Tag tone={verdict.intact ? 'good' : 'bad'} icon={verdict.intact ? 'check' : 'cross'} testId="chain">
          {verdict.intact ? 'Whole' : `${count(verdict.faults.length)} ${verdict.faults.length === 1 ? 'fault' : 'faults'}`}
        </Tag>
        <span>
          {count(verdict.rows)} rows read, each computed anew from its fields and the row before it
          {verdict.intact ? ': none altered, removed or reordered.' : '.'}
        </span>
      </div>
      <Picture verdict={verdict} />
      {verdict.faults.length > 0 && (
        <ul className={css.faults}>
          {verdict.faults.map((f) => (
            <li key={`${f.seq}/${f.kind}/${f.detail}`}>
              <strong>
                Row {f.seq}, {sentence(f.kind).toLowerCase()}
              </strong>{' '}
              {f.detail}
            </li>
          ))}
        </ul>
      )}
      <div>
        <p className={`${ui.small} muted`}>
          Where the log ends now. Note it down outside this server: against it the next verification sees even a log that was rewritten as a
          whole.
        </p>
        <Command line={verdict.head} />
      </div>
    </div>
  );
}

/** Is the record whole? Recomputed by the server, drawn here. */
export function ChainCard() {
  const [head, setHead] = useState('');
  const verify = useMutation({ mutationFn: () => verifyLog(head.trim() || undefined) });
  const wrong = head.trim() !== '' && !headPattern.test(head.trim());
  return (
    <Card label="The chain" aside="Each row holds the hash of the one before it">
      <div className={ui.stack}>
        <form
          className={css.verify}
          onSubmit={(e) => {
            e.preventDefault();
            if (!wrong) verify.mutate();
          }}
        >
          <TextInput
            size="xs"
            label="Head noted earlier"
            description="Optional"
            placeholder="1042:9f86d0…"
            value={head}
            onChange={(e) => setHead(e.currentTarget.value)}
            error={wrong ? 'As a verification gave it: number, colon, 64 digits.' : null}
            autoComplete="off"
            spellCheck={false}
          />
          <Button size="xs" type="submit" variant="default" leftSection={<Icon name="chain" size={15} />} loading={verify.isPending}>
            Verify the chain
          </Button>
        </form>
        {verify.error && <Failure error={verify.error} what="The verification" />}
        {verify.data && <Result verdict={verify.data} />}
      </div>
    </Card>
  );
}
