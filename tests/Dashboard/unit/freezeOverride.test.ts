import { describe, expect, test } from 'vitest';
import type { TimelineEntry } from '../../../web/dashboard/src/api/types.ts';
import { overrideOf } from '../../../web/dashboard/src/features/Releases/freezeOverride.ts';

const now = Date.parse('2026-12-24T10:00:00Z');
const until = '2026-12-24T10:12:00Z';
const entry = (kind: string, actor: string, body: unknown, release = 7): TimelineEntry =>
  ({ kind: `release.${kind}`, actor, body, release, seq: 1, id: 'x', at: '', text: '' }) as unknown as TimelineEntry;
const of = (entries: TimelineEntry[], phase: 'held' | 'ended' = 'held') => overrideOf(entries, { number: 7, phase }, now);
const asked = entry('override-asked', 'user:ana', { until, duration: '01:00:00' });
const confirmed = entry('override-confirmed', 'user:ben', { until, askedBy: 'user:ana' });

describe('FreezeOverride', () => {
  test('OverrideOf_Asked_WaitsForASecondPerson', () =>
    expect(of([asked])).toEqual({ askedBy: 'user:ana', confirmedBy: null, until: Date.parse(until) }));

  test('OverrideOf_Confirmed_NamesBoth', () =>
    expect(of([confirmed, asked])).toMatchObject({ askedBy: 'user:ana', confirmedBy: 'user:ben' }));

  test.each<[string, TimelineEntry[], ('held' | 'ended')?]>([
    ['nothing was asked', [entry('held', 'system:judge', null)]],
    ['it is over', [entry('override-ended', 'system:timer', { confirmed: true }), confirmed, asked]],
    ['its time has passed', [entry('override-asked', 'user:ana', { until: '2026-12-24T09:59:59Z' })]],
    ['it is another release’s', [entry('override-asked', 'user:ana', { until }, 6)]],
    ['the release has ended', [confirmed], 'ended'],
    ['an older server did not say until when', [entry('override-asked', 'user:ana', null)]],
  ])('OverrideOf_%s_IsNone', (_, entries, phase) => expect(of(entries, phase)).toBeNull());
});
