import { describe, expect, test } from 'vitest';
import { emptyDraft, eventsOf, faultsOf } from '../../../web/dashboard/src/features/Webhooks/webhooks.ts';

describe('Webhooks', () => {
  test.each([
    ['', []],
    [' , ', []],
    ['release.*', ['release.*']],
    ['release.*,plan.approved  workspace.member-removed', ['release.*', 'plan.approved', 'workspace.member-removed']],
  ])('EventsOf_%j_AreTakenApart', (text, events) => expect(eventsOf(text)).toEqual(events));

  test.each([
    [{ url: 'https://hooks.example/in', events: '' }, []],
    [{ url: ' http://pager.local:8080 ', events: 'canary.rolled-back, release.*' }, []],
    [{ url: 'hooks.example/in', events: '' }, ['url']],
    [{ url: 'https://', events: 'release' }, ['url', 'events']],
    [{ url: 'https://hooks.example', events: 'release.*, *' }, ['events']],
    [{ url: 'https://hooks.example', events: 'Release.started' }, ['events']],
  ])('FaultsOf_%j_AreNamedByField', (draft, fields) => expect(Object.keys(faultsOf({ ...emptyDraft, ...draft }))).toEqual(fields));
});
