import { describe, expect, test } from 'vitest';
import type { TestQuarantine } from '../../../web/dashboard/src/api/types.ts';
import {
  coverageOf,
  endOf,
  holds,
  inWords,
  lineCount,
  markOf,
  markOfRun,
  testName,
} from '../../../web/dashboard/src/features/Gates/quarantine.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const aside = (over: Partial<TestQuarantine>): TestQuarantine => ({
  suite: 's',
  name: 'n',
  reason: '',
  by: 'user:ben',
  since: '2026-05-20T00:00:00Z',
  until: '2026-06-10T00:00:00Z',
  ...over,
});

describe('Quarantine', () => {
  test('TestName_WithoutASuite_IsTheNameAlone', () =>
    expect([testName({ suite: 'cart', name: 'adds' }), testName({ suite: '', name: 'adds' })]).toEqual(['cart › adds', 'adds']));

  test.each<[Partial<TestQuarantine>, boolean, ReturnType<typeof endOf>]>([
    [{}, true, null],
    [{ until: '2026-06-01T12:00:00Z' }, false, { at: '2026-06-01T12:00:00Z', by: null }],
    [{ endedAt: '2026-05-30T00:00:00Z', endedBy: 'user:ana' }, false, { at: '2026-05-30T00:00:00Z', by: 'user:ana' }],
  ])('Holds_%j_%s', (over, held, end) => {
    expect(holds(aside(over), now)).toBe(held);
    expect(endOf(aside(over), now)).toEqual(end);
  });

  test('MarkOf_PassedTheSecondTime_HasWavered', () => {
    expect(markOf({ outcome: 'passed', wavered: true })).toBe('wavered');
    expect(markOf({ outcome: 'failed', wavered: false })).toBe('failed');
    expect(markOfRun({ commit: '', digest: '', at: '', passed: 0, failed: 0, skipped: 2 })).toBe('skipped');
  });

  test('InWords_TheBadOnesLast', () => {
    expect(inWords(['failed', 'passed', 'wavered', 'passed'])).toBe('2 passed, 1 wavered, 1 failed');
    expect(inWords([])).toBe('nothing yet');
  });

  test.each([
    ['', 0],
    ['7', 1],
    ['1-4,9', 5],
    ['10-10,12-20', 10],
  ])('LineCount_%j_Is%i', (ranges, lines) => expect(lineCount(ranges)).toBe(lines));

  test('CoverageOf_OfTheLinesThatCanBeRun', () => {
    expect(coverageOf({ path: 'a', covered: '1-3', missed: '4' })).toEqual({ percent: 75, missed: 1 });
    expect(coverageOf({ path: 'a', covered: '', missed: '' })).toEqual({ percent: 100, missed: 0 });
  });
});
