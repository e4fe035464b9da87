import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeliveryState, DeliveryView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { CommandWithDialog } from '../../app/CommandWithDialog.tsx';
import { none } from '../../app/format.ts';
import type { IconName } from '../../app/Icon.tsx';
import { Asked } from '../../app/States.tsx';
import { RowCommands, Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { deliveriesQuery, replayDelivery } from './webhooks.ts';
import css from './Webhooks.module.css';

const states: Record<string, { text: string; tone: 'good' | 'bad' | 'accent'; icon: IconName }> = {
  pending: { text: 'On its way', tone: 'accent', icon: 'clock' },
  delivered: { text: 'Taken', tone: 'good', icon: 'check' },
  failed: { text: 'Given up', tone: 'bad', icon: 'cross' },
};

function Replay({ webhook, delivery }: { webhook: string; delivery: DeliveryView }) {
  return (
    <CommandWithDialog
      action="ReplayDelivery"
      label="Replay"
      spoken={`Replay ${delivery.event} ${delivery.id}`}
      icon="retry"
      inRow
      title={`Replay ${delivery.event}`}
      later="soon"
      withReason={false}
      done="It goes out again."
      consequence="It is sent again with the same id and body. A receiver that has taken it drops it by its id."
      changes={['deliveries']}
      send={(_, key) => replayDelivery(webhook, delivery.id, key)}
    />
  );
}

function Row({ webhook, delivery: d }: { webhook: string; delivery: DeliveryView }) {
  const shown = states[d.state] ?? { text: d.state, tone: 'accent', icon: 'info' };
  return (
    <tr>
      <td>
        <strong className={css.events}>{d.event}</strong>
        <div className={`${ui.small} muted`}>
          <Ago at={d.createdAt} />
        </div>
      </td>
      <td>
        <Tag tone={shown.tone} icon={shown.icon} small>
          {shown.text}
        </Tag>
        {d.problem && <div className={`${ui.small} ${ui.narrow} muted`}>{d.problem}</div>}
        {d.nextAt && (
          <div className={`${ui.small} muted`}>
            next try <Ago at={d.nextAt} />
          </div>
        )}
      </td>
      <td className={`${css.problem} ${ui.wide}`}>
        {d.problem ?? (d.status ? <code>{d.status}</code> : <span className="muted">{none}</span>)}
      </td>
      <td className={`${ui.n} ${ui.wide}`}>{d.attempts}</td>
      <RowCommands>{d.state !== 'pending' && <Replay webhook={webhook} delivery={d} />}</RowCommands>
    </tr>
  );
}

/** What was sent, what the receiver said, and when it is tried again. */
export function DeliveriesCard({ webhook }: { webhook: string }) {
  const [state, setState] = useState<DeliveryState | ''>('');
  const deliveries = useInfiniteQuery(deliveriesQuery(webhook, state || undefined));
  return (
    <Card
      label="Deliveries"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="State"
          value={state}
          onChange={(v) => setState(v as DeliveryState | '')}
          data={[{ value: '', label: 'All' }, ...Object.entries(states).map(([value, { text }]) => ({ value, label: text }))]}
        />
      }
    >
      <Asked
        query={{ ...deliveries, data: deliveries.data?.pages.flatMap((page) => page.items) }}
        what="the deliveries"
        rows={4}
        rowHeight={52}
        empty={
          <p className="muted">
            {state
              ? 'None in this state in the last 14 days.'
              : 'None yet: the next event of the workspace is the first. Send a test to see whether the receiver is there.'}
          </p>
        }
      >
        {(list) => (
          <div className={ui.stack}>
            <Table
              label="List of deliveries"
              columns={['Event', 'State', { head: 'Answer', wide: true }, { head: 'Attempts', wide: true, n: true }]}
              commands
            >
              {list.map((d) => (
                <Row key={d.id} webhook={webhook} delivery={d} />
              ))}
            </Table>
            {deliveries.hasNextPage && (
              <Button
                variant="default"
                size="xs"
                mr="auto"
                loading={deliveries.isFetchingNextPage}
                onClick={() => void deliveries.fetchNextPage()}
              >
                Older deliveries
              </Button>
            )}
          </div>
        )}
      </Asked>
    </Card>
  );
}
