import type { AuditReport, PlanDocument, PlanView, ServicePlan } from '../../../web/dashboard/src/api/types.ts';
import { iso, steps } from './release.ts';

const command = (line: string, source: string) => ({ line, directory: '.', source });

export const audit: AuditReport = {
  schema: 1,
  commit: '9f3c1d7be24a51c0883df1f0cc7a11d3b52e6f08',
  source: 'git',
  tree: { files: 148, bytes: 912_384, symbolicLinks: 0, submodules: 0 },
  services: [
    {
      name: 'shop',
      path: '.',
      kind: 'web',
      language: 'node',
      languageVersion: { value: '>=20', source: 'package.json engines.node' },
      packageManager: { value: 'npm', source: 'package-lock.json' },
      framework: 'fastify',
      installCommand: command('npm ci', 'package-lock.json'),
      buildCommand: command('npm run build', 'package.json scripts.build'),
      startCommand: command('node dist/server.js', 'package.json scripts.start'),
      port: { number: 3000, variable: 'PORT', source: 'src/server.ts:12' },
      healthPath: { value: '/health', source: 'src/health.ts:4' },
      environmentVariables: [
        { name: 'PORT', required: false, default: '3000', secret: false, readAt: [{ path: 'src/server.ts', line: 12, column: 0 }] },
        { name: 'PAYMENT_API_KEY', required: true, secret: true, readAt: [{ path: 'src/pay.ts', line: 3, column: 0 }] },
      ],
      migrations: [],
      tests: { runner: 'node-test', files: 12 },
      needs: ['postgres'],
      dependsOn: [],
      processes: [],
    },
  ],
  gaps: [
    {
      code: 'variable.missing',
      severity: 'blocking',
      title: 'PAYMENT_API_KEY is not provided',
      why: 'src/pay.ts reads it without a default, so the first payment would fail.',
      remediation: 'Provide it for production, or list it as optional in prodsprint.yml.',
      at: { path: 'src/pay.ts', line: 3, column: 0 },
      service: 'shop',
    },
    {
      code: 'lockfile.drift',
      severity: 'warning',
      title: 'package-lock.json is older than package.json',
      why: 'npm ci fails when the two disagree.',
      remediation: 'Run npm install and commit the lock file.',
      at: { path: 'package-lock.json', line: 0, column: 0 },
      service: 'shop',
    },
    {
      code: 'health.found',
      severity: 'info',
      title: 'Health check at /health',
      why: 'It answers without touching the database, so a database outage does not restart every copy.',
      remediation: 'Nothing to do.',
      service: 'shop',
    },
  ],
};

function service(environment: string): ServicePlan {
  return {
    name: 'shop',
    path: '.',
    kind: 'web',
    language: 'node',
    languageVersion: '20',
    framework: 'fastify',
    install: command('npm ci', 'package-lock.json'),
    build: command('npm run build', 'package.json scripts.build'),
    start: command('node dist/server.js', 'package.json scripts.start'),
    test: command('npm test', 'package.json scripts.test'),
    port: { default: 3000, variable: 'PORT' },
    health: { path: '/health', interval: '00:00:01', timeout: '00:00:01', startDeadline: '00:01:00', failuresUntilUnhealthy: 3 },
    limits: { memoryMiB: 512, maxProcesses: 256, maxOpenFiles: 4096, buildDiskMiB: 2048, buildDeadline: '00:10:00', stopGrace: '00:00:10' },
    variables: [
      { name: 'PORT', state: 'platform', value: '${PORT}', secret: false, source: 'platform' },
      { name: 'NODE_ENV', state: 'platform', value: environment, secret: false, source: 'platform' },
      {
        name: 'PAYMENT_API_KEY',
        state: environment === 'production' ? 'missing' : 'provided',
        value: null,
        secret: true,
        source: 'src/pay.ts:3',
      },
    ],
  };
}

export function planDocument(blocked: boolean): PlanDocument {
  return {
    schema: 1,
    auditDigest: 'sha256:77',
    commit: audit.commit,
    digest: 'sha256:71c9b0e2a4f85d6c1e',
    executionDigest: 'sha256:aa10',
    entry: 'shop',
    policy: {
      name: 'default',
      version: 3,
      approval: 'oncePerExecution',
      strategy: 'canary',
      steps,
      judge: { policy: 'sequential', alpha: 0.01 },
      maxHold: '01:00:00',
      freeze: 'hold',
      gates: ['build', 'health', 'smoke', 'tests'],
      warmAfterPromotion: '00:15:00',
      pinnedArtifacts: 5,
    },
    environments: [
      { name: 'staging', services: [service('staging')] },
      { name: 'production', services: [service('production')] },
    ],
    steps: [
      {
        number: 1,
        kind: 'checkout',
        environment: 'staging',
        service: 'shop',
        title: 'Check the commit out',
        reversibility: 'exact',
        wayBack: 'The checkout is removed.',
      },
      {
        number: 2,
        kind: 'build',
        environment: 'staging',
        service: 'shop',
        title: 'Install and build',
        reversibility: 'exact',
        wayBack: 'The artifact is collected when nothing pins it.',
      },
      {
        number: 3,
        kind: 'migrate',
        environment: 'production',
        service: 'shop',
        title: 'Apply 2 migrations',
        reversibility: 'withResidue',
        wayBack: 'The former version runs on the new schema.',
        residue: 'added columns',
      },
      {
        number: 4,
        kind: 'traffic',
        environment: 'production',
        service: 'shop',
        title: 'Canary 1, 5, 25, 100 %',
        reversibility: 'exact',
        wayBack: 'All weight goes back to stable.',
      },
    ],
    blockers: blocked
      ? [
          {
            id: 'variable.missing/production/shop/PAYMENT_API_KEY',
            code: 'variable.missing',
            title: 'PAYMENT_API_KEY is not provided in production',
            why: 'src/pay.ts reads it without a default.',
            remediation: 'Provide it: prodsprint set shop PAYMENT_API_KEY --environment production',
            environment: 'production',
            service: 'shop',
            at: { path: 'src/pay.ts', line: 3, column: 0 },
            waivable: true,
          },
        ]
      : [],
    notes: [],
    changes: blocked ? [] : [{ path: 'production/shop start', before: 'node server.js', after: 'node dist/server.js' }],
    carriesApproval: false,
  };
}

export function plan(over: Partial<PlanView> & { project: string; number: number }, blocked = false): PlanView {
  return {
    key: `plan/default/${over.project}/${over.number}`,
    workspace: 'default',
    status: 'approved',
    commit: audit.commit,
    document: planDocument(blocked),
    waivers: [],
    approvals: [],
    version: 'v1.9.0',
    author: 'Ana Example',
    subject: 'Cart keeps its items',
    summary: '1 service, 4 steps',
    auditDigest: 'sha256:77',
    requestedBy: 'user:ana',
    requestedAt: iso(Date.now() - 3_600_000),
    approvedBy: 'user:ben',
    approvedAt: iso(Date.now() - 3_500_000),
    carriedFrom: null,
    stateVersion: 1,
    ...over,
  };
}
