import { describe, expect, test } from 'vitest';
import { add, confirm, drop, expire, nextToSend, own, replace, settle, type Kept } from '../../../web/dashboard/src/offline/outbox.ts';

const kept = (id: string, path: string, over: Partial<Kept> = {}): Kept => ({
  id,
  title: id,
  user: 'ana',
  workspace: 'default',
  at: 0,
  goodUntil: 1000,
  request: { method: 'PUT', path, key: id, ifMatch: null, body: '{}' },
  edit: null,
  state: 'waiting',
  problem: null,
  ...over,
});
const shop = '/v1/projects/shop/variables';
const problem = { status: 409, title: 'Not possible now', detail: '', next: null };

describe('whose', () => {
  const outbox = [kept('a', shop), kept('b', shop, { user: 'ben' })];

  test('SignedIn_OnlyOnesOwn_AndNothingWhileItIsNotKnownWhoItIs', () => {
    expect(own(outbox, true, 'ben').map((k) => k.id)).toEqual(['b']);
    expect(own(outbox, true, null)).toEqual([]);
  });

  test('DevelopmentIdentity_EachGoesOutUnderTheNameItWasAskedUnder', () => expect(own(outbox, false, 'ana')).toBe(outbox));
});

describe('order', () => {
  test('Next_IsTheFirstThatWasAskedFor', () =>
    expect(nextToSend([kept('a', shop), kept('b', '/v1/projects/ledger/freeze')])?.id).toBe('a'));

  test('Next_NothingOvertakes_WhatIsUndecidedAboutTheSameThing', () => {
    const outbox = [
      kept('a', shop, { state: 'conflict' }),
      kept('b', '/v1/projects/shop/freeze?x=1'),
      kept('c', '/v1/projects/ledger/freeze'),
    ];
    expect(nextToSend(outbox)?.id).toBe('c');
    expect(nextToSend(drop(outbox, 'c'))).toBeNull();
    expect(nextToSend(drop(outbox, 'a'))?.id).toBe('b');
  });

  test('Next_WhatIsAboutAllProjects_HoldsBackEachOfThem', () =>
    expect(nextToSend([kept('a', '/v1/projects', { state: 'asks' }), kept('b', '/v1/projects/new/plans')])).toBeNull());

  test('Next_NamesThatBeginAlike_AreNotTheSame', () =>
    expect(nextToSend([kept('a', shop, { state: 'refused' }), kept('b', '/v1/projects/shopping/freeze')])?.id).toBe('b'));

  test('Next_OtherWorkspaces_AreOtherThings', () =>
    expect(nextToSend([kept('a', shop, { state: 'asks' }), kept('b', shop, { workspace: 'acme' })])?.id).toBe('b'));

  test('Add_TheSameIntentionTwice_IsKeptOnce', () => expect(add([kept('a', shop)], kept('a', shop))).toHaveLength(1));
});

describe('answers', () => {
  const outbox = [kept('a', shop), kept('b', shop)];
  test.each([200, 201, 202, 204])('Settle_%i_IsDone', (status) =>
    expect(settle(outbox, 'a', status, null).map((k) => k.id)).toEqual(['b']),
  );
  test.each([0, 401, 408, 429, 500, 502, 503, 504])('Settle_%i_DecidedNothing_AndWaits', (status) =>
    expect(settle(outbox, 'a', status, problem)).toBe(outbox),
  );
  test.each([409, 412, 428])('Settle_%i_IsAConflict', (status) =>
    expect(settle(outbox, 'a', status, problem)[0]).toMatchObject({ state: 'conflict', problem }),
  );
  test.each([400, 403, 404, 413, 422])('Settle_%i_IsRefused', (status) =>
    expect(settle(outbox, 'a', status, problem)[0]).toMatchObject({ state: 'refused' }),
  );
});

describe('time', () => {
  test('Expire_WhatWaitedForTooLong_Asks_OnceThePersonSaysSoItGoes', () => {
    const asks = expire([kept('a', shop), kept('b', '/v1/members/ben', { goodUntil: 5000 })], 1001);
    expect(asks.map((k) => k.state)).toEqual(['asks', 'waiting']);
    expect(confirm(asks, 'a', 9000)[0]).toMatchObject({ state: 'waiting', goodUntil: 9000, id: 'a' });
  });
  test('Expire_NothingDue_ChangesNothing', () => {
    const outbox = [kept('a', shop)];
    expect(expire(outbox, 1000)).toBe(outbox);
  });
  test('Replace_IsAnotherRequest_WithAnotherKey_InTheSamePlace', () => {
    const request = { method: 'PUT', path: shop, key: 'new', ifMatch: '"9.seen"', body: '{}' };
    const after = replace([kept('a', shop, { state: 'conflict', problem }), kept('b', shop)], 'a', request);
    expect(after[0]).toMatchObject({ id: 'new', request, state: 'waiting', problem: null });
    expect(after[1]!.id).toBe('b');
  });
});
