import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { WebhookView } from '../../api/types.ts';
import { Ago } from '../../app/Ago.tsx';
import { Card } from '../../app/Card.tsx';
import { who } from '../../app/format.ts';
import { Asked } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { DeliveriesCard } from './DeliveriesCard.tsx';
import { ChangeWebhook, RemoveWebhook, RotateSecret, TestWebhook } from './WebhookDialogs.tsx';
import { webhookQuery } from './webhooks.ts';
import { Events, State } from './WebhooksTab.tsx';

function Facts({ webhook }: { webhook: WebhookView }) {
  return (
    <dl className={ui.facts}>
      <div>
        <dt>State</dt>
        <dd>
          <State webhook={webhook} />
        </dd>
      </div>
      <div>
        <dt>Events</dt>
        <dd>
          <Events webhook={webhook} />
        </dd>
      </div>
      <div>
        <dt>Made</dt>
        <dd>
          <Ago at={webhook.createdAt} /> by {who(webhook.createdBy)}
        </dd>
      </div>
      {webhook.previousUntil && (
        <div>
          <dt>The secret before signs as well</dt>
          <dd>
            ends <Ago at={webhook.previousUntil} />
          </dd>
        </div>
      )}
    </dl>
  );
}

/** One webhook: what may be done to it, and what came of telling. */
export function WebhookPage() {
  const { webhook: id } = useParams({ from: '/administration/webhooks/$webhook' });
  return (
    <div className={ui.page}>
      <p>
        <Link to="/administration/webhooks">← Webhooks</Link>
      </p>
      <Asked query={useQuery(webhookQuery(id))} what="the webhook" rows={2} rowHeight={120}>
        {(w) => (
          <>
            <Card
              label="Webhook"
              title={w.url}
              aside={
                <span className={ui.row}>
                  <TestWebhook webhook={w} />
                  <ChangeWebhook webhook={w} />
                  <RotateSecret webhook={w} />
                  <RemoveWebhook webhook={w} />
                </span>
              }
            >
              <Facts webhook={w} />
            </Card>
            <DeliveriesCard webhook={id} />
          </>
        )}
      </Asked>
    </div>
  );
}
