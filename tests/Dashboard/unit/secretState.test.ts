import { describe, expect, test } from 'vitest';
import type { SecretView } from '../../../web/dashboard/src/api/types.ts';
import { emptyDraft, isWhole } from '../../../web/dashboard/src/features/Secrets/secrets.ts';
import { byEnvironment, commandsOf, hours, nextRotation, stateOf } from '../../../web/dashboard/src/features/Secrets/secretState.ts';

type State = SecretView['versions'][number]['state'];

const secret = (over: Partial<SecretView>, ...states: State[]): SecretView => ({
  key: 'secret/w/p/production/X',
  workspace: 'w',
  project: 'p',
  environment: 'production',
  name: 'X',
  kind: 'postgresPassword',
  phase: 'steady',
  overlapHours: 24,
  stateVersion: 1,
  versions: states.map((state, i) => ({
    number: states.length - i,
    state,
    reference: '',
    slot: 0,
    by: 'user:ana',
    madeAt: '2026-01-01T00:00:00Z',
  })),
  ...over,
});

describe('SecretState', () => {
  test.each<[Partial<SecretView>, string, string]>([
    [{}, 'In use', 'good'],
    [{ drift: 'It answered 401.' }, 'Not let in', 'bad'],
    [{ drift: 'It answered 401.', phase: 'overlap' }, 'Not let in', 'bad'],
    [{ phase: 'empty' }, 'Being made', 'accent'],
    [{ phase: 'empty', problem: 'No database.' }, 'No version works', 'bad'],
    [{ phase: 'overlap' }, 'Two versions work', 'accent'],
    [{ phase: 'overlap', waiting: 'A copy uses it.' }, 'Still in use', 'hold'],
    [{ problem: 'It was not let in.' }, 'Last request not done', 'hold'],
    [{ phase: 'removing', job: 'j' }, 'Being removed', 'accent'],
    [{ phase: 'removed' }, 'Removed', 'plain'],
  ])('StateOf_%j_Is%s', (over, text, tone) => expect(stateOf(secret(over))).toMatchObject({ text, tone }));

  test.each<[Partial<SecretView>, State[], string[]]>([
    [{}, ['current'], ['rotate', 'check', 'schedule', 'remove']],
    [{ phase: 'overlap' }, ['current', 'previous'], ['check', 'schedule', 'restore', 'revoke', 'remove']],
    [{ phase: 'placing', job: 'j' }, ['making', 'current'], ['schedule', 'remove']],
    [{ phase: 'rollingBack' }, ['undoing', 'current'], ['rotate', 'check', 'schedule', 'remove']],
    [{ phase: 'revoking', job: 'j' }, ['current', 'previous'], ['schedule', 'revoke', 'remove']],
    [{ phase: 'empty', problem: 'No database.' }, ['failed'], ['rotate', 'schedule', 'remove']],
    [{ kind: 'value' }, ['current'], ['set', 'remove']],
    [{ kind: 'value', phase: 'overlap' }, ['current', 'previous'], ['set', 'restore', 'revoke', 'remove']],
    [{ phase: 'removing', job: 'j' }, ['current'], []],
    [{ phase: 'removing' }, ['current'], ['remove']],
    [{ phase: 'removed' }, ['retired'], []],
  ])('CommandsOf_%j_With%j_Are%j', (over, states, commands) =>
    expect(commandsOf(secret(over, ...states)).toSorted()).toEqual(commands.toSorted()),
  );

  test.each<[Partial<SecretView>, object]>([
    [{ kind: 'value', rotateAt: '2026-02-01T00:00:00Z' }, { text: 'when one is set' }],
    [{}, { text: 'when asked for' }],
    [{ everyDays: 30, rotateAt: '2026-02-01T00:00:00Z' }, { at: '2026-02-01T00:00:00Z' }],
    [{ everyDays: 30, phase: 'overlap' }, { text: 'after the overlap' }],
  ])('NextRotation_%j', (over, next) => expect(nextRotation(secret(over))).toEqual(next));

  test('ByEnvironment_ProductionFirst', () =>
    expect(
      byEnvironment(['staging', 'alpha', 'production', 'staging'].map((environment) => secret({ environment }))).map(([e, s]) => [
        e,
        s.length,
      ]),
    ).toEqual([
      ['production', 1],
      ['alpha', 1],
      ['staging', 2],
    ]));

  test.each([
    [0, 'no time'],
    [1, '1 hour'],
    [24, '1 day'],
    [36, '36 hours'],
    [168, '7 days'],
  ])('Hours_%i_Is%s', (n, text) => expect(hours(n)).toBe(text));

  test.each<[Partial<typeof emptyDraft>, boolean]>([
    [{ name: 'TOKEN' }, false],
    [{ name: 'TOKEN', value: ' ' }, true],
    [{ name: 'token', value: 'x' }, false],
    [{ name: 'DATABASE_URL', kind: 'postgresPassword' }, true],
    [{ name: 'KEY', kind: 'apiKey', create: 'https://a.example/k', verify: 'https://a.example/me', revoke: 'ftp://a.example' }, false],
    [
      { name: 'KEY', kind: 'apiKey', create: 'https://a.example/k', verify: 'https://a.example/me', revoke: 'https://a.example/{id}' },
      true,
    ],
  ])('IsWhole_%j_Is%s', (draft, whole) => expect(isWhole({ ...emptyDraft, ...draft })).toBe(whole));
});
