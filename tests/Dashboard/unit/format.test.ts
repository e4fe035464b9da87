import { describe, expect, test } from 'vitest';
import { seconds } from '../../../web/dashboard/src/api/span.ts';
import {
  bytes,
  count,
  duration,
  milliseconds,
  none,
  percent,
  percentagePoints,
  perSecond,
  relative,
  shortDigest,
  who,
  words,
} from '../../../web/dashboard/src/app/format.ts';

/** The narrow no-break space between number and unit, written as a plain one here. */
const plain = (text: string) => text.replace(/\u202f/g, ' ');

describe('numbers', () => {
  test.each([
    [0, '0 %'],
    [0.0012, '<0.01 %'],
    [0.31, '0.31 %'],
    [5, '5 %'],
    [99.999, '100 %'],
    [Number.NaN, none],
    [null, none],
  ])('Percent_%s', (value, text) => expect(plain(percent(value))).toBe(text));
  test.each([
    [0.31, '0.3 ms'],
    [21.4, '21 ms'],
    [1234, '1,234 ms'],
    [12_345, '12.3 s'],
    [undefined, none],
  ])('Milliseconds_%s', (value, text) => expect(plain(milliseconds(value))).toBe(text));
  test.each([
    [0, '0 /s'],
    [4.25, '4.3 /s'],
    [42.6, '43 /s'],
    [1480, '1,480 /s'],
  ])('PerSecond_%s', (value, text) => expect(plain(perSecond(value))).toBe(text));
  test.each([
    [512, '512 B'],
    [1536, '1.50 KiB'],
    [1_244_102, '1.19 MiB'],
    [250 * 1024 ** 3, '250 GiB'],
  ])('Bytes_%s', (value, text) => expect(plain(bytes(value))).toBe(text));
  test('Count_Thousands_AreSeparated', () => expect(count(1_234_567)).toBe('1,234,567'));
  test('PercentagePoints_Share_IsScaled', () => expect(plain(percentagePoints(0.021))).toBe('2.10 percentage points'));
});

describe('times', () => {
  test.each([
    [0.4, '0.4 s'],
    [3, '3 s'],
    [59.9, '59 s'],
    [65, '1 min 05 s'],
    [600, '10 min'],
    [3600, '1 h'],
    [7800, '2 h 10 min'],
    [360_000, '4 d 4 h'],
  ])('Duration_%s', (value, text) => expect(plain(duration(value))).toBe(text));
  test('Duration_Ticking_KeepsItsSeconds', () => expect(plain(duration(600, true))).toBe('10 min 00 s'));
  test.each([
    [0, 'just now'],
    [12_000, '12 s ago'],
    [-180_000, 'in 3 min'],
    [7_200_000, '2 h ago'],
  ])('Relative_%s', (ago, text) => expect(plain(relative(1_000_000_000 - ago, 1_000_000_000))).toBe(text));
  test.each([
    ['00:00:30', 30],
    ['01:02:03.5', 3723.5],
    ['2.00:00:01', 172_801],
    ['-00:00:05', -5],
    ['PT1M30S', 90],
    ['P1DT1H', 90_000],
    ['soon', null],
    [null, null],
  ])('Seconds_%s', (value, s) => expect(seconds(value)).toBe(s));
});

describe('names', () => {
  test('Who_People_LoseTheirPrefix', () =>
    expect([who('user:ana'), who('system:judge'), who('system:jobs'), who(null)]).toEqual(['ana', 'the judge', 'ProdSprint', none]));
  test('Words_CamelCase_IsSplit', () => expect(words('awaitingApproval')).toBe('awaiting approval'));
  test('ShortDigest_KeepsTheAlgorithm', () => expect(shortDigest('sha256:0123456789abcdef')).toBe('sha256:0123456789ab'));
});
