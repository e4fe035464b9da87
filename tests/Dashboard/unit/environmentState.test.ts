import { describe, expect, test } from 'vitest';
import type { InfrastructureChange, InfrastructureView } from '../../../web/dashboard/src/api/types.ts';
import { commandsOf, readable, stateOf, summaryOf } from '../../../web/dashboard/src/features/Infrastructure/environmentState.ts';

const change = (action: InfrastructureChange['action']): InfrastructureChange => ({ address: 'terraform_data.x', action });
const plan = {
  number: 2,
  destroy: false,
  changes: [],
  configurationDigest: '',
  planFileDigest: '',
  stateVersion: 1,
  tool: 'tofu',
  digest: 'sha256:a',
};
const baseline = {
  plan: 1,
  planDigest: '',
  configurationDigest: '',
  approvedBy: 'user:ben',
  stateVersion: 1,
  stateDigest: '',
  appliedAt: '',
};
const drift = { digest: 'sha256:d', changes: [change('repair')], since: '2026-01-01T00:00:00Z' };
const view = (phase: InfrastructureView['phase'], more: Partial<InfrastructureView> = {}): InfrastructureView => ({
  key: '',
  workspace: 'w',
  project: 'p',
  environment: 'production',
  phase,
  stateVersion: 1,
  ...more,
});

describe('EnvironmentState', () => {
  test.each<[InfrastructureView, string]>([
    [view('applied', { baseline }), 'As it was applied'],
    [view('applied', { baseline, drift }), 'Drift'],
    [view('applied', { baseline, drift: { ...drift, acceptedBy: 'user:ben' } }), 'Applied, drift accepted'],
    [view('planned', { baseline, drift, plan }), 'Waits for approval'],
    [view('failed'), 'Failed'],
  ])('StateOf_%j_Is%s', (i, text) => expect(stateOf(i).text).toBe(text));

  test.each<[InfrastructureView | undefined, string[]]>([
    [undefined, ['plan']],
    [view('planning', { job: 'j' }), ['plan']],
    [view('planned', { plan }), ['approve', 'plan']],
    [view('approved', { plan, baseline }), ['apply', 'check', 'plan']],
    [view('applying', { plan, baseline, job: 'j' }), []],
    [view('applied', { plan, baseline }), ['check', 'plan']],
    [view('failed', { plan }), ['plan']],
    [view('failed', { plan, approvedBy: 'user:ben' }), ['apply', 'plan']],
    [view('destroyed'), ['plan']],
  ])('CommandsOf_%j_Are%j', (i, commands) => expect(commandsOf(i)).toEqual(commands));

  test('SummaryOf_CountsByWhatIsDone', () => {
    expect(summaryOf([])).toBe('nothing to change');
    expect(summaryOf([change('delete'), change('create'), change('create')])).toBe('2 to create, 1 to delete');
  });

  test('Readable_JsonALineEach_WhatIsNoneAsItIs', () => {
    expect(readable('{"a":1,"b":"x"}')).toBe('{\n  "a": 1,\n  "b": "x"\n}');
    expect(readable('(known after apply)')).toBe('(known after apply)');
    expect(readable(null)).toBe('');
  });
});
