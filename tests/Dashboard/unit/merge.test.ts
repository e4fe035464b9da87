import { describe, expect, test } from 'vitest';
import { variableFields, windowFields, windowsOf } from '../../../web/dashboard/src/offline/edits.ts';
import { isClean, merge, resolve, usual } from '../../../web/dashboard/src/offline/merge.ts';

const of = (fields: Record<string, string>) => new Map(Object.entries(fields));
const merged = (base: Record<string, string>, mine: Record<string, string>, theirs: Record<string, string>, choice = {}) =>
  Object.fromEntries(resolve(of(theirs), merge(of(base), of(mine), of(theirs)), choice));

describe('merge', () => {
  test.each([
    [{ a: '1' }, { a: '1' }, { a: '1' }, []],
    [{ a: '1' }, { a: '2' }, { a: '1' }, ['mine']],
    [{ a: '1' }, { a: '1' }, { a: '2' }, ['theirs']],
    [{ a: '1' }, { a: '2' }, { a: '2' }, ['same']],
    [{ a: '1' }, { a: '2' }, { a: '3' }, ['conflict']],
    [{}, { a: '1' }, {}, ['mine']],
    [{ a: '1' }, {}, { a: '1' }, ['mine']],
    [{ a: '1' }, {}, { a: '2' }, ['conflict']],
    [{ a: '1' }, {}, {}, ['same']],
  ] as [Record<string, string>, Record<string, string>, Record<string, string>, string[]][])(
    'Merge_%j_mine_%j_theirs_%j_IsChangedBy_%j',
    (base, mine, theirs, changed) => expect(merge(of(base), of(mine), of(theirs)).map((f) => f.changed)).toEqual(changed),
  );

  test('Resolve_DifferentFields_KeepsBothSides', () =>
    expect(merged({ a: '1', b: '1', c: '1' }, { a: '2', b: '1', c: '1', d: 'new' }, { a: '1', b: '3' })).toEqual({
      a: '2',
      b: '3',
      d: 'new',
    }));

  test('Resolve_SameField_IsTheirs_UnlessChosen', () => {
    expect(merged({ a: '1' }, { a: '2' }, { a: '3' })).toEqual({ a: '3' });
    expect(merged({ a: '1' }, { a: '2' }, { a: '3' }, { a: 'mine' })).toEqual({ a: '2' });
    expect(merged({ a: '1' }, {}, { a: '3' }, { a: 'mine' })).toEqual({});
  });

  test('Resolve_Theirs_IsNeverChanged_WhereIChangedNothing', () => {
    // Every combination of three values (one of them absent) on each side.
    const values = [undefined, '1', '2'];
    for (const b of values)
      for (const t of values) {
        const side = (v: string | undefined) => (v === undefined ? {} : { a: v });
        expect(merged(side(b) as never, side(b) as never, side(t) as never)).toEqual(side(t));
      }
  });

  test('Clean_FieldsApart_WhileNobodyChangedTheSame_Together_WhileNobodyElseChangedAny', () => {
    const fields = (theirs: Record<string, string>) => merge(of({ a: '1', b: '1' }), of({ a: '2', b: '1' }), of(theirs));
    expect([true, false].map((apart) => isClean(fields({ a: '1', b: '1' }), apart))).toEqual([true, true]);
    expect([true, false].map((apart) => isClean(fields({ a: '1', b: '2' }), apart))).toEqual([true, false]);
    expect([true, false].map((apart) => isClean(fields({ a: '3', b: '1' }), apart))).toEqual([false, false]);
    expect(merge(of({}), of({ a: '1' }), of({})).map(usual)).toEqual(['mine']);
  });
});

describe('freeze windows as fields', () => {
  const w = (reason: string, day: number) => ({ reason, from: `2031-01-0${day}T00:00:00.000Z`, until: `2031-01-0${day}T12:00:00.000Z` });
  test('Windows_ThereAndBack_AreTheSame_AlsoWithTheSameReasonTwice', () => {
    const windows = [w('Sale', 1), w('Stock', 2), w('Sale', 3)];
    expect(windowsOf(windowFields(windows))).toEqual(windows);
    expect([...windowFields(windows).keys()]).toEqual(['Sale', 'Stock', 'Sale (2)']);
  });
  test('Windows_WrittenWithAnotherZone_AreTheSame', () => {
    const here = windowFields([{ reason: 'Sale', from: '2031-01-01T01:00:00+01:00', until: '2031-01-01T13:00:00+01:00' }]);
    expect([...here]).toEqual([...windowFields([w('Sale', 1)])]);
  });
});

describe('variables as fields', () => {
  const edit = (values: Record<string, string | null>) => ({
    kind: 'variables' as const,
    project: 'shop',
    base: ['A', 'B'],
    version: 7,
    values,
    reason: '',
  });
  const changed = (values: Record<string, string | null>, names: string[], touched: boolean) =>
    merge(...variableFields(edit(values), names, touched)).map((f) => `${f.id} ${f.changed}`);
  test('Variables_NobodyElseSetAny_IsClean', () => expect(changed({ A: '2' }, ['A', 'B'], false)).toEqual(['A mine']));
  test('Variables_SomeoneSetVariablesMeanwhile_TheOneISetIsInDoubt', () =>
    expect(changed({ A: '2' }, ['A', 'B'], true)).toEqual(['A conflict']));
  test('Variables_RemovedByThem_ChangedByMe_IsAConflict', () => expect(changed({ A: '2' }, ['B'], true)).toEqual(['A conflict']));
  test('Variables_AnotherNameOfTheirs_IsTheirs', () =>
    expect(changed({ C: '2' }, ['A', 'B', 'D'], true).sort()).toEqual(['C mine', 'D theirs']));
  test('Variables_Value_IsNeverShown', () => {
    const [, mine] = variableFields(edit({ A: 'hunter2' }), ['A', 'B'], false);
    expect([...mine.values()].join()).not.toContain('hunter2');
  });
});
