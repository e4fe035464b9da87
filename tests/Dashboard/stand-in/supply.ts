import type { AttestationKeyView, AttestationView } from '../../../web/dashboard/src/api/types.ts';
import { iso } from './release.ts';

const day = 86_400_000;
const seconds = (ms: number) => `${iso(ms).slice(0, 19)}Z`;

/** Who says where the shop's artifacts came from: the build of each, and the start of what is in production, which a strange key has signed. */
export class Supply {
  keys: AttestationKeyView[];

  constructor(private readonly now: number) {
    this.keys = [this.key('91be77d0a1c4', true, 'user:ana', 12), this.key('4f20c1aa93e7', false, 'system:target', 140)];
  }

  private key(id: string, active: boolean, madeBy: string, days: number): AttestationKeyView {
    return {
      id: id.repeat(6).slice(0, 64),
      algorithm: 'ecdsa-p256-sha256',
      publicKey: `-----BEGIN PUBLIC KEY-----\n${id.repeat(6)}\n-----END PUBLIC KEY-----\n`,
      active,
      madeBy,
      createdAt: iso(this.now - days * day),
    };
  }

  private said(
    id: string,
    predicateType: string,
    digest: string,
    at: number,
    predicate: object,
    problem: string | null = null,
  ): AttestationView {
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'default/shop', digest: { sha256: digest.slice(7) } }],
      predicateType,
      predicate,
    };
    const payload = Buffer.from(JSON.stringify(statement)).toString('base64');
    return {
      id: `sha256:${id.repeat(8)}`,
      predicateType,
      source: 'sha256:input',
      createdAt: iso(at),
      envelope: JSON.stringify({ payloadType: 'application/vnd.in-toto+json', payload, signatures: [{ sig: 'MEUC' }] }),
      keyId: problem ? null : this.keys[0]!.id,
      problem,
    };
  }

  attestations(digest: string): AttestationView[] {
    const at = this.now - 3 * day;
    const commit = '1c2d3e4f5a6b7c8d9e0f1c2d3e4f5a6b7c8d9e0f';
    const builder = { id: 'https://prodsprint.dev/builders/target/v1' };
    const build = this.said('b01d', 'https://slsa.dev/provenance/v1', digest, at, {
      buildDefinition: {
        buildType: 'https://prodsprint.dev/attestations/build/v1',
        externalParameters: {
          source: 'git+https://git.example.org/acme/shop.git',
          ref: 'v1.8.2',
          commit,
          services: [{ name: 'shop', install: 'npm ci', build: 'npm run build', test: 'npm test' }],
        },
        internalParameters: { testsPassed: 411, testsFailed: 0 },
        resolvedDependencies: [
          { name: 'repository', digest: { gitCommit: commit } },
          { name: 'package-lock.json', digest: { sha256: '77aa' } },
        ],
      },
      runDetails: { builder, metadata: { startedOn: seconds(at - 14_000), finishedOn: seconds(at) } },
    });
    if (digest !== 'sha256:aa77c1e0') return [build];
    const start = this.said(
      '57a7',
      'https://prodsprint.dev/attestations/deployment/v1',
      digest,
      at + 90_000,
      { environment: 'production', release: 41, version: 'v1.8.2', commit, deployer: builder, startedOn: seconds(at + 90_000) },
      'no key of this workspace has signed it',
    );
    return [start, build];
  }

  /** Null: not about keys. */
  command(path: string, user: string): unknown {
    if (path !== 'attestation-keys') return null;
    const made = this.key('c0ffee5a1d02', true, `user:${user}`, 0);
    this.keys = [made, ...this.keys.map((k) => ({ ...k, active: false }))];
    return made;
  }
}
