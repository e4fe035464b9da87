import { expect, test } from 'vitest';
import type { ConnectionView } from '../../../web/dashboard/src/api/types.ts';
import { canChange, changesOf, settingsOf } from '../../../web/dashboard/src/features/Identity/connections.ts';

const saml = {
  id: 'globex',
  kind: 'saml',
  name: 'Globex',
  enabled: true,
  entityId: 'https://sso.globex.example',
  signOnUrl: 'https://sso.globex.example/sso',
  certificates: ['MIIB'],
  scopes: [],
  hasSecret: false,
  signed: 'both',
  justInTime: true,
  defaultRoles: ['viewer'],
  groupRoles: [{ group: 'staff', role: 'planner' }],
  domains: [],
  callback: '',
  scimBase: '',
  scim: false,
  scimExpiresAt: null,
  scimUsedAt: null,
  stateVersion: 3,
  createdAt: '',
} as ConnectionView;

test('Change_OfSaml_KeepsTheProviderUnlessItsMetadataIsReadAgain', () => {
  const settings = settingsOf(saml);
  expect(changesOf(saml, { ...settings, name: ' Globex Ltd ' }, 'renamed')).toMatchObject({
    name: 'Globex Ltd',
    entityId: saml.entityId,
    signOnUrl: saml.signOnUrl,
    certificates: saml.certificates,
    signed: 'both',
    groupRoles: saml.groupRoles,
  });
  const again = changesOf(saml, { ...settings, metadataUrl: 'https://sso.globex.example/new' }, '');
  expect(again.metadataUrl).toBe('https://sso.globex.example/new');
  expect(again).not.toHaveProperty('certificates');
});

test('Change_IsPossible_WhenSomethingDiffers_AndEveryGroupIsNamedOnce', () => {
  const settings = settingsOf(saml);
  expect(canChange(saml, settings)).toBe(false);
  expect(canChange(saml, { ...settings, enabled: false })).toBe(true);
  const groups = (...more: string[]) => [...settings.groups, ...more.map((group) => ({ group, role: 'planner' as const }))];
  expect(canChange(saml, { ...settings, groups: groups('ops') })).toBe(true);
  expect(canChange(saml, { ...settings, groups: groups(' ') })).toBe(false);
  expect(canChange(saml, { ...settings, groups: groups(' staff ') })).toBe(false);
});
