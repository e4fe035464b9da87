import { Button, Modal, SegmentedControl } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newKey } from '../api/client.ts';
import { Asked } from '../app/States.tsx';
import { Table } from '../app/Table.tsx';
import ui from '../app/ui.module.css';
import { Tag } from '../features/Gates/Verdict.tsx';
import { mergeable, type Edit, type Mergeable } from './edits.ts';
import { merge, resolve, usual, type Field, type Side } from './merge.ts';
import { drop, replace, type Kept } from './outbox.ts';
import css from './Outbox.module.css';
import { requestOf } from './sending.ts';
import { changeOutbox } from './storage.ts';

const changed = {
  mine: { tone: 'accent', text: 'You changed it' },
  theirs: { tone: 'plain', text: 'They changed it' },
  same: { tone: 'good', text: 'Both the same' },
  conflict: { tone: 'hold', text: 'Both changed it' },
} as const;

function Row({ field, of, side, choose }: { field: Field; of: Mergeable; side: Side; choose: (side: Side) => void }) {
  const { tone, text } = changed[field.changed];
  const label = of.label(field.id);
  return (
    <tr>
      <th scope="row">
        {label}{' '}
        <Tag tone={tone} small>
          {text}
        </Tag>
      </th>
      <td className="muted">{of.show(field.base)}</td>
      <td data-taken={side === 'mine' || undefined}>{of.show(field.mine)}</td>
      <td data-taken={side === 'theirs' || undefined}>{of.show(field.theirs)}</td>
      <td>
        {field.changed === 'same' ? (
          <span className="muted">no choice</span>
        ) : (
          <SegmentedControl
            size="xs"
            aria-label={`Take for ${label}`}
            value={side}
            onChange={(v) => choose(v as Side)}
            data={[
              { value: 'mine', label: 'Yours' },
              { value: 'theirs', label: 'Theirs' },
            ]}
          />
        )}
      </td>
    </tr>
  );
}

function Choice({ one, of, close }: { one: Kept; of: Mergeable; close: () => void }) {
  const fields = merge(of.base, of.mine, of.theirs);
  const [choice, setChoice] = useState<Record<string, Side>>({});
  const sideOf = (field: Field) => choice[field.id] ?? usual(field);
  const keepsMine = fields.some((f) => f.changed !== 'same' && sideOf(f) === 'mine');
  const done = () => {
    notifications.hide(`kept-${one.id}`);
    close();
  };
  const leave = () => {
    changeOutbox((outbox) => drop(outbox, one.id));
    done();
  };
  const take = async () => {
    const request = await requestOf(newKey(), (key) => of.send(resolve(of.theirs, fields, choice), key));
    changeOutbox((outbox) => replace(outbox, one.id, request));
    done();
  };
  return (
    <div className={ui.stack} style={{ gap: 16 }}>
      <Table label="Field by field" className={css.merge} columns={['Field', 'It was', 'Yours', 'Theirs, now', 'Take']}>
        {fields.map((field) => (
          <Row
            key={field.id}
            field={field}
            of={of}
            side={sideOf(field)}
            choose={(side) => setChoice((c) => ({ ...c, [field.id]: side }))}
          />
        ))}
      </Table>
      {fields.length === 0 && <p>It is as you wanted it already.</p>}
      <div className={css.buttons}>
        <Button variant="default" onClick={leave}>
          Leave it as it is now
        </Button>
        <Button onClick={() => void take()} disabled={!keepsMine} data-autofocus>
          Make this change
        </Button>
      </div>
    </div>
  );
}

/** Base, mine and theirs beside each other, a choice per field, and then the change on what is there now. */
export default function MergeDialog({ one, edit, close }: { one: Kept; edit: Edit; close: () => void }) {
  const client = useQueryClient();
  const now = useQuery({ queryKey: ['merge', one.id], queryFn: () => mergeable(client, edit, one.user), staleTime: Infinity, gcTime: 0 });
  return (
    <Modal opened onClose={close} title={`Compare: ${one.title}`} size="xl">
      <div className={ui.stack}>
        <p>Since you looked, someone else has changed this too. Nothing of theirs is overwritten unless you take yours.</p>
        <Asked query={now} what="what is there now" rows={2}>
          {(of) => <Choice one={one} of={of} close={close} />}
        </Asked>
      </div>
    </Modal>
  );
}
