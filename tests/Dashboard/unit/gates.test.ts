import { expect, test } from 'vitest';
import type { GateWaiver, RouteView } from '../../../web/dashboard/src/api/types.ts';
import { advisoryAddress, levelsInWords } from '../../../web/dashboard/src/features/Gates/findings.ts';
import { barsOf, waiverOf } from '../../../web/dashboard/src/features/Gates/performance.ts';

test('Levels_AreSaidWorstFirst_AndThoseWithNoneAreNot', () => {
  expect(levelsInWords({ low: 4, critical: 1, denied: 2, high: 0 })).toBe('1 critical, 2 denied licences, 4 low');
  expect(levelsInWords({})).toBe('');
});

test('Advisory_OfAPublicList_HasAnAddress_AndALicenceHasNone', () => {
  expect(advisoryAddress({ kind: 'vulnerability', id: 'GHSA-35jh-r3h4-6jhm' })).toBe('https://osv.dev/vulnerability/GHSA-35jh-r3h4-6jhm');
  expect(advisoryAddress({ kind: 'vulnerability', id: 'javascript:alert(1)' })).toBeNull();
  expect(advisoryAddress({ kind: 'licence', id: 'AGPL-3.0-only' })).toBeNull();
});

test('Bars_AreSharesOfTheLongestOfAll', () => {
  const route = (name: string, p95Ms: number, limit?: number): RouteView =>
    ({ route: name, measure: { p95Ms }, limit: limit ? { p95Ms: limit } : null, baseline: null }) as unknown as RouteView;
  const bars = barsOf([route('a', 50, 200), route('b', 100)]);
  expect(bars.get('a')).toEqual({ p95: 25, limit: 100, baseline: null });
  expect(bars.get('b')).toEqual({ p95: 50, limit: null, baseline: null });
});

test('Waiver_OfARoute_IsTheOneThatHolds', () => {
  const waiver = (over: Partial<GateWaiver>) =>
    ({ covers: 'control', subject: 'performance.GET /cart', state: 'valid', expires: '2026-01-02T00:00:00Z', ...over }) as GateWaiver;
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(waiverOf('GET /cart', [waiver({})], now)).not.toBeNull();
  for (const over of [{ state: 'revoked' as const }, { expires: '2025-12-31T00:00:00Z' }, { subject: 'performance.GET /items' }])
    expect(waiverOf('GET /cart', [waiver(over)], now)).toBeNull();
});
