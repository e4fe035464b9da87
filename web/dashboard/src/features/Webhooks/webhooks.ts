import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../api/client.ts';
import type { DeliveryState, WebhookView } from '../../api/types.ts';

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: async () => (await ask(api.GET('/v1/webhooks', {}))).items,
});

export const webhookQuery = (webhook: string) =>
  queryOptions({
    queryKey: ['webhooks', webhook],
    queryFn: () => ask(api.GET('/v1/webhooks/{webhook}', { params: { path: { webhook } } })),
  });

const pageSize = 50;
const whileTryingMs = 3_000;
const quietMs = 15_000;

/** Newest first. Nothing tells of them, so they are asked for again: soon, while one is on its way. */
export const deliveriesQuery = (webhook: string, state: DeliveryState | undefined) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', webhook, state ?? ''],
    queryFn: ({ pageParam }) =>
      ask(
        api.GET('/v1/webhooks/{webhook}/deliveries', {
          params: { path: { webhook }, query: { state, limit: pageSize, after: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some((page) => page.items.some((one) => one.state === 'pending')) ? whileTryingMs : quietMs,
  });

const about = (webhook: string, key: string) => ({ path: { webhook }, header: { 'Idempotency-Key': key } });

export interface Draft {
  url: string;
  events: string;
  paused: boolean;
}

export const emptyDraft: Draft = { url: '', events: '', paused: false };
export const draftOf = ({ url, events, paused }: WebhookView): Draft => ({ url, events: events.join(', '), paused });

const kind = /^[a-z]+(-[a-z]+)*\.(\*|[a-z0-9]+(-[a-z0-9]+)*)$/;
export const eventsOf = (text: string) => text.split(/[\s,]+/).filter((one) => one !== '');

/** Why the draft is no webhook yet, by field. What the server alone knows it says itself. */
export function faultsOf({ url, events }: Draft): { url?: string; events?: string } {
  const wrong = eventsOf(events).find((one) => !kind.test(one));
  return {
    ...(!/^https?:\/\/[^\s/]+/.test(url.trim()) && { url: 'An address that begins with https://' }),
    ...(wrong && { events: `“${wrong}” is no kind of an event: release.promoted, or release.* for all of them.` }),
  };
}

const bodyOf = ({ url, events, paused }: Draft, reason: string) => ({ url: url.trim(), events: eventsOf(events), paused, reason });

export const createWebhook = (draft: Draft, reason: string) => ask(api.POST('/v1/webhooks', { body: bodyOf(draft, reason) }));

export const setWebhook = ({ id, stateVersion }: WebhookView, draft: Draft, reason: string, key: string) =>
  ask(
    api.PUT('/v1/webhooks/{webhook}', {
      params: { path: { webhook: id }, header: { 'If-Match': `"${stateVersion}.seen"`, 'Idempotency-Key': key } },
      body: bodyOf(draft, reason),
    }),
  );

export const removeWebhook = (webhook: string, key: string) => ask(api.DELETE('/v1/webhooks/{webhook}', { params: about(webhook, key) }));

export const rotateSecret = (webhook: string, overlapHours: number, reason: string) =>
  ask(api.POST('/v1/webhooks/{webhook}/secret', { params: { path: { webhook } }, body: { overlapHours, reason } }));

export const testWebhook = (webhook: string, key: string) => ask(api.POST('/v1/webhooks/{webhook}/test', { params: about(webhook, key) }));

export const replayDelivery = (webhook: string, delivery: string, key: string) =>
  ask(
    api.POST('/v1/webhooks/{webhook}/deliveries/{delivery}/replay', {
      params: { path: { webhook, delivery }, header: { 'Idempotency-Key': key } },
    }),
  );
