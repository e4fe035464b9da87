import type { BlueprintView, BranchView, Saving, ServiceUsage } from '../../../web/dashboard/src/api/types.ts';

const production = (copies: number, database: string) => `project     = "shop"
environment = "production"
region      = "eu-central-1"
domain      = "shop.example.com"

sizes = {
  zones            = 3
  gateway_per_zone = true
  copies           = ${copies}
  most_copies      = 10
  database_class   = "${database}"
  database_gib     = 20
  multi_zone       = true
  backup_days      = 30
  protect          = true
}
`;

const workflow = `name: prodsprint
on:
  push:
    branches: [main]
permissions:
  contents: read
`;

const item = (environment: string, part: string, name: string, quantity: number, unitPrice: number, high = quantity * unitPrice) => ({
  environment,
  part,
  item: name,
  quantity,
  unitPrice,
  low: quantity * unitPrice,
  high,
});

const items = [
  item('production', 'network', 'gateway-hour', 2190, 0.045),
  item('production', 'network', 'address-hour', 4380, 0.005),
  item('production', 'app', 'cpu-hour', 730, 0.04048, 59.1),
  item('production', 'database', 'db.t4g.medium-hour', 1460, 0.072),
  item('production', 'edge', 'egress-gib', 196, 0.085, 33.32),
  item('staging', 'network', 'gateway-hour', 730, 0.045),
  item('staging', 'app', 'cpu-hour', 182.5, 0.04048, 9.23),
];

const sizing: Saving = {
  code: 'rightsize.app',
  title: 'app is larger than what it uses',
  monthly: 21.4,
  how: 'Set memory 4096 to 512 MiB: in 312 hours it used at most 300 MiB, and at most 0.08 processors 95 % of the time',
  kind: 'saving',
  change: { limits: [{ service: 'app', memoryMiB: 512 }] },
};

/** Two weeks of a service that does little, and of one that is nearly full. */
export const usage = (project: string, now: number) => {
  const day = 86_400_000;
  const first = Math.floor(now / day) * day - 13 * day;
  const service = (name: string, memory: number, limitMemoryMiB: number, limitCpus?: number): ServiceUsage => ({
    environment: 'production',
    service: name,
    hours: 312,
    samples: 74_880,
    from: new Date(first).toISOString(),
    to: new Date(now).toISOString(),
    cpuP95: 0.08,
    cpuMax: 0.41,
    memoryP95MiB: memory * 0.9,
    memoryMaxMiB: memory,
    limitMemoryMiB,
    limitCpus,
    points: Array.from({ length: 14 }, (_, i) => ({
      at: new Date(first + i * day).toISOString(),
      samples: 5760,
      cpuP95: 0.04 + 0.003 * i,
      cpuMax: 0.41,
      memoryMaxMiB: memory * (0.7 + 0.3 * (i / 13)),
    })),
  });
  const services = project === 'shop' ? [service('app', 300, 4096, 2), service('worker', 236, 256)] : [];
  return { project, from: new Date(first).toISOString(), everySeconds: 15, pointHours: 24, services };
};

const digest = (n: number) => `/v1/blueprints/sha256:${String(n).repeat(64)}`;

export const blueprint = (project: string, plan: number, apply: string[]): BlueprintView => ({
  project,
  plan,
  commit: '9c41d07be2f1a3c88d0b7c2f6a1e5d4b3c2a1908',
  iac_ref: digest(1),
  cicd_ref: digest(2),
  policies: [
    {
      rule: 'approval.every-plan',
      title: 'Every plan is approved by somebody else than its author',
      passed: false,
      level: 'block',
      profile: 'soc2 v1',
      controls: ['CC8.1'],
      evidence: ['profile default v1: OncePerExecution'],
      remediation: 'Plan with a profile that asks for it: --profile strict',
    },
    {
      rule: 'data.encrypted',
      title: 'Data at rest is encrypted',
      passed: true,
      level: 'block',
      profile: 'soc2 v1',
      controls: ['CC6.1'],
      evidence: ['database: kms key'],
    },
    {
      rule: 'backup.kept',
      title: 'Backups are kept for 30 days',
      passed: true,
      level: 'warn',
      profile: 'soc2 v1',
      controls: ['A1.2'],
      evidence: ['infrastructure/aws/environments/production.tfvars: backup_days = 30, at least 7'],
    },
  ],
  cost_estimate: {
    currency: 'USD',
    priceDate: '2025-11-01',
    region: 'us-east-1',
    low: items.reduce((sum, i) => sum + i.low, 0),
    high: items.reduce((sum, i) => sum + i.high, 0),
    change: apply.includes(sizing.code) ? -sizing.monthly : 52.56,
    items,
    usage: { requestsPerMonth: 1e7, egressGiB: 200, storageGiB: 20, databaseGiB: 20, logGiB: 10, stagingHours: 730, peakFactor: 2 },
    elsewhere: { azure: 343.46, gcp: 308.22 },
    savings: [
      ...(apply.includes(sizing.code) ? [] : [sizing]),
      {
        code: 'idle.staging',
        title: 'Staging runs at night and at weekends',
        monthly: 48.34,
        how: 'Set stagingHours to 260: it is started before a release and stopped afterwards',
        kind: 'saving',
      },
    ],
  },
  plan_diff: [
    ...(apply.includes(sizing.code) ? [{ path: 'production/app memory', before: '4096 MiB', after: '512 MiB' }] : []),
    {
      path: 'infrastructure/aws/environments/production.tfvars',
      before: production(2, 'db.t4g.small'),
      after: production(3, 'db.t4g.medium'),
    },
    { path: 'production/shop start', before: 'node old.js', after: 'node server.js' },
  ],
  risk: {
    probability: 0.31,
    level: 'medium',
    terms: [
      { name: 'history', value: '2 of 14 releases were taken back', weight: -1.22, why: "How this project's releases went before" },
      { name: 'size', value: '412 lines in 9 files', weight: 0.64, why: 'Bigger changes break more often' },
      { name: 'schema', value: '1 migration', weight: 0.4, why: 'A migration is hard to take back' },
    ],
    advice: { weights: [1, 5, 25, 100], minRequestsFactor: 1.5, approvers: 1, pauseBeforeFull: false },
    brierScore: 0.118,
    baseRate: 0.14,
    releases: 14,
  },
  notes: [],
  applied: apply.includes(sizing.code) ? [sizing] : [],
});

export const branch = (plan: number, now: number): BranchView => ({
  branch: {
    name: `prodsprint/plan-${plan}-app-512-mib`,
    state: 'written',
    by: 'user:ana',
    at: new Date(now).toISOString(),
    bundles: [],
    title: `Limits of shop (plan ${plan})`,
    text: `sha256:${'3'.repeat(64)}`,
    commit: '4be1d07be2f1a3c88d0b7c2f6a1e5d4b3c2a1908',
  },
  text: '',
});

export const blueprintFiles = (path: string) =>
  path.includes('1111')
    ? { files: { 'infrastructure/aws/environments/production.tfvars': production(3, 'db.t4g.medium') } }
    : { files: { '.github/workflows/prodsprint.yml': workflow } };
