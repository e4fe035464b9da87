import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { WebhookView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { who } from '../../app/format.ts';
import { Asked, Empty } from '../../app/States.tsx';
import { Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { Tag } from '../Gates/Verdict.tsx';
import { AddWebhook } from './WebhookDialogs.tsx';
import { webhooksQuery } from './webhooks.ts';
import css from './Webhooks.module.css';

export function State({ webhook }: { webhook: WebhookView }) {
  return webhook.paused ? (
    <Tag tone="hold" icon="pause" small>
      Sends nothing
    </Tag>
  ) : (
    <Tag tone="good" icon="check" small>
      On
    </Tag>
  );
}

export function Events({ webhook }: { webhook: WebhookView }) {
  return webhook.events.length === 0 ? <span>everything</span> : <code className={css.events}>{webhook.events.join(', ')}</code>;
}

/** Where else it is told what happens here. */
export function WebhooksTab() {
  return (
    <Card label="Webhooks" aside={<AddWebhook />}>
      <Asked
        query={useQuery(webhooksQuery)}
        what="the webhooks"
        rows={2}
        rowHeight={44}
        empty={
          <Empty icon="external" title="Nobody is told yet" command="prodsprint webhooks create --help">
            Every event of this workspace can be sent to an address of yours as it happens: a chat, a pager, a pipeline. Signed, and tried
            again until it is taken.
          </Empty>
        }
      >
        {(list) => (
          <Table label="List of webhooks" columns={['Address', { head: 'Events', wide: true }, 'State', { head: 'Made', wide: true }]}>
            {list.map((w) => (
              <tr key={w.id}>
                <td className={css.address}>
                  <Link to="/administration/webhooks/$webhook" params={{ webhook: w.id }}>
                    {w.url}
                  </Link>
                </td>
                <td className={ui.wide}>
                  <Events webhook={w} />
                </td>
                <td>
                  <State webhook={w} />
                </td>
                <td className={`${ui.wide} muted`}>
                  <Ago at={w.createdAt} /> by {who(w.createdBy)}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Asked>
    </Card>
  );
}
