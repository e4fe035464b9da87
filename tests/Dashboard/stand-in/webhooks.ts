import type { DeliveryView, WebhookView } from '../../../web/dashboard/src/api/types.ts';
import { none, Refused } from './refused.ts';
import { iso } from './release.ts';

/** Where the workspace is told of, and what came of it. */
export class Webhooks {
  list: WebhookView[];
  readonly deliveries: DeliveryView[];
  private made = 0;

  constructor(private readonly now: number) {
    this.list = [this.view('wh-0f3a9c1b2d4e', 'https://hooks.acme.example/prodsprint', ['release.*', 'plan.approved'], 9)];
    this.list.push({ ...this.view('wh-77c0d2aa9e01', 'https://pager.acme.example/in', [], 2), paused: true });
    const delivery = (n: number, event: string, ago: number, more: Partial<DeliveryView>): DeliveryView => ({
      id: `msg_wh-0f3a9c1b2d4e_${n}`,
      event,
      state: 'delivered',
      attempts: 1,
      status: 200,
      createdAt: iso(now - ago),
      ...more,
    });
    this.deliveries = [
      delivery(1061, 'release.step-started', 40_000, {
        state: 'pending',
        attempts: 3,
        status: 503,
        problem: 'It answered 503.',
        nextAt: iso(now + 24_000),
      }),
      delivery(1058, 'release.started', 310_000, { endedAt: iso(now - 309_000) }),
      delivery(1042, 'plan.approved', 7_400_000, {
        state: 'failed',
        attempts: 15,
        status: undefined,
        problem: 'No answer within 10 s.',
        endedAt: iso(now - 5_500_000),
      }),
    ];
  }

  private view(id: string, url: string, events: string[], days: number): WebhookView {
    return { id, url, events, paused: false, createdBy: 'user:ana', createdAt: iso(this.now - days * 86_400_000), stateVersion: 1 };
  }

  find = (id: string) => this.list.find((w) => w.id === id) ?? none(`webhook '${id}'`);

  /** Of the first one alone something was sent. */
  deliveriesOf(id: string, state: string | null): DeliveryView[] {
    return id === this.list[0]?.id ? this.deliveries.filter((d) => !state || d.state === state) : [];
  }

  /** Null: not about webhooks. */
  command(path: string, body: Record<string, unknown>): unknown {
    const about = /^webhooks(?:\/([^/]+))?(?:\/(.+))?$/.exec(path);
    if (!about) return null;
    const [, id, what] = about;
    const secret = () => `whsec_${String(++this.made).repeat(44)}`;
    if (!id) {
      if (/localhost/.test(String(body.url)))
        throw new Refused(
          422,
          'Not accepted',
          "'localhost' is an address of a private network.",
          'Use a public address',
          'webhook.private-address',
        );
      const one = this.view(`wh-new${this.list.length}`, String(body.url), body.events as string[], 0);
      this.list.push(one);
      return { id: one.id, url: one.url, secret: secret() };
    }
    const found = this.find(id);
    if (found instanceof Refused) throw found;
    if (what === 'secret') {
      found.previousUntil = iso(this.now + Number(body.overlapHours) * 3_600_000);
      return { id, url: found.url, secret: secret() };
    }
    if (what === 'test') {
      const delivery = `msg_${id}_test-${++this.made}`;
      this.deliveries.unshift({
        id: delivery,
        event: 'webhook.test',
        state: 'delivered',
        attempts: 1,
        status: 204,
        createdAt: iso(this.now),
      });
      return { delivery };
    }
    const replayed = /^deliveries\/([^/]+)\/replay$/.exec(what ?? '')?.[1];
    if (replayed)
      return Object.assign(
        this.deliveries.find((d) => d.id === replayed)!,
        { state: 'pending', problem: null },
      );
    if (body.delete) {
      this.list = this.list.filter((w) => w !== found);
      return found;
    }
    return Object.assign(found, { url: body.url, events: body.events, paused: body.paused, stateVersion: found.stateVersion + 1 });
  }
}
