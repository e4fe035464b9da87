import { describe, expect, test } from 'vitest';
import type { GateWaiver } from '../../../web/dashboard/src/api/types.ts';
import { emptyWaiver, inOrder, waiverFaults, waiverState } from '../../../web/dashboard/src/features/Gates/waivers.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const waiver = (number: number, days: number, state: GateWaiver['state'] = 'valid'): GateWaiver => ({
  number,
  covers: 'vulnerability',
  subject: 'CVE-1',
  reason: 'r',
  ticket: 'T-1',
  by: 'user:ben',
  at: '2026-05-01T00:00:00Z',
  expires: new Date(now + days * 86_400_000).toISOString(),
  state,
});

describe('Waivers', () => {
  test.each<[number, GateWaiver['state'], string]>([
    [30, 'valid', 'holds'],
    [7, 'valid', 'endsSoon'],
    [0, 'valid', 'expired'],
    [-1, 'expired', 'expired'],
    [30, 'revoked', 'revoked'],
  ])('WaiverState_%d days %s_%s', (days, state, shown) => expect(waiverState(waiver(1, days, state), now)).toBe(shown));

  test('InOrder_WhatEndsFirstAbove_TheEndedApart', () => {
    const { hold, ended } = inOrder([waiver(4, 90), waiver(3, 2), waiver(2, -1), waiver(1, 30, 'revoked')], now);
    expect([hold, ended].map((list) => list.map((w) => w.number))).toEqual([
      [3, 4],
      [2, 1],
    ]);
  });

  test.each<[Partial<typeof emptyWaiver>, string[]]>([
    [{}, ['subject', 'package', 'ticket']],
    [{ subject: 'CVE-1', package: 'lodash', ticket: 'T' }, ['package']],
    [{ subject: 'CVE-1', package: 'pkg:npm/lodash', ticket: 'T' }, []],
    [{ covers: 'licence', subject: 'MIT', ticket: 'T' }, []],
    [{ covers: 'control', subject: ' ', ticket: ' ' }, ['subject', 'ticket']],
  ])('WaiverFaults_%j', (draft, fields) => expect(Object.keys(waiverFaults({ ...emptyWaiver, ...draft }))).toEqual(fields));
});
