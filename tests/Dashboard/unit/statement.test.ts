import { describe, expect, test } from 'vitest';
import { builderName, fault, readStatement } from '../../../web/dashboard/src/features/Supply/statement.ts';

const build = 'https://slsa.dev/provenance/v1';
const enveloped = (payload: unknown) => JSON.stringify({ payload: Buffer.from(JSON.stringify(payload)).toString('base64') });
const read = (payload: unknown, predicateType = build) => readStatement({ envelope: enveloped(payload), predicateType });
const subject = [{ name: 'w/p', digest: { sha256: 'aa' } }];

describe('Statement', () => {
  test('ReadStatement_OfABuild_SaysWhatWentIntoIt', () =>
    expect(
      read({
        subject,
        predicate: {
          buildDefinition: {
            externalParameters: { source: 'git+https://git.example/é.git', commit: 'abc', services: [{ install: 'npm ci', test: null }] },
            resolvedDependencies: [
              { name: 'repository', digest: { gitCommit: 'abc' } },
              { name: 'package-lock.json', digest: { sha256: 'bb' } },
            ],
          },
          runDetails: { builder: { id: 'https://prodsprint.dev/builders/target/v1' } },
        },
      }),
    ).toMatchObject({
      kind: 'build',
      subject: 'sha256:aa',
      source: 'https://git.example/é.git',
      commit: 'abc',
      commands: ['npm ci'],
      lockFiles: ['package-lock.json'],
      tests: null,
    }));

  test.each([
    ['no JSON', 'x'],
    ['no payload', '{}'],
    ['no base64', '{"payload":"%%%"}'],
    ['no statement', JSON.stringify({ payload: Buffer.from('text').toString('base64') })],
  ])('ReadStatement_%s_IsNone', (_, envelope) => expect(readStatement({ envelope, predicateType: build })).toBeNull());

  test('ReadStatement_OfStrangeShape_HasNothingInIt', () =>
    expect(read({ subject: 7, predicate: [] }, 'https://else.example')).toMatchObject({
      kind: 'other',
      subject: null,
      builder: null,
      lockFiles: [],
      commands: [],
    }));

  test('Fault_SaysWhyItDoesNotCount', () => {
    const said = read({ subject, predicate: {} });
    expect(fault({ keyId: 'k', problem: null }, said, 'sha256:aa')).toBeNull();
    expect(fault({ keyId: 'k', problem: null }, said, 'sha256:bb')).toContain('another artifact');
    expect(fault({ keyId: null, problem: 'The signature is wrong.' }, said, 'sha256:aa')).toBe('The signature is wrong.');
    expect(fault({ keyId: null, problem: null }, said, 'sha256:aa')).toContain('No key');
    expect(fault({ keyId: 'k', problem: null }, null, 'sha256:aa')).toContain('cannot be read');
  });

  test('BuilderName_OursIsNamed_AnothersIsItsAddress', () => {
    expect(builderName('https://prodsprint.dev/builders/target/v1')).toBe('a ProdSprint target');
    expect(builderName('https://prodsprint.dev.evil.example/builders/target/v1')).toBe(
      'https://prodsprint.dev.evil.example/builders/target/v1',
    );
  });
});
