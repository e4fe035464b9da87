import { expect, test } from 'vitest';
import { changedLines, sideBySide } from '../../../web/dashboard/src/features/Plans/sideBySide.ts';

const lines = (n: number, at?: number, text = 'other') =>
  Array.from({ length: n }, (_, i) => (i === at ? text : `line ${i + 1}`)).join('\n') + '\n';

test('SideBySide_OneLineChanged_StandsBesideItsOldSelfWithThreeAround', () => {
  const rows = sideBySide(lines(20), lines(20, 9));
  expect(rows.map((r) => r.kind)).toEqual(['gap', 'same', 'same', 'same', 'changed', 'same', 'same', 'same', 'gap']);
  expect(rows[4]).toEqual({ kind: 'changed', left: { n: 10, text: 'line 10' }, right: { n: 10, text: 'other' } });
  expect([rows[0], rows[8]]).toEqual([
    { kind: 'gap', count: 6 },
    { kind: 'gap', count: 7 },
  ]);
  expect(changedLines(rows)).toEqual({ added: 1, removed: 1 });
});

test('SideBySide_LinesAdded_HaveNothingBesideThem', () => {
  const rows = sideBySide('a\nb\n', 'a\nx\ny\nb\n');
  expect(rows.filter((r) => r.kind === 'changed')).toEqual([
    { kind: 'changed', left: null, right: { n: 2, text: 'x' } },
    { kind: 'changed', left: null, right: { n: 3, text: 'y' } },
  ]);
  expect(rows.at(-1)).toEqual({ kind: 'same', left: { n: 2, text: 'b' }, right: { n: 4, text: 'b' } });
});

test('SideBySide_Gone_IsAllOnTheLeft', () => expect(changedLines(sideBySide('a\nb\n', ''))).toEqual({ added: 0, removed: 2 }));
