import type {
  JobView,
  PlanView,
  ProjectView,
  ReleaseView,
  ReminderView,
  TimelineEntry,
  Traffic,
  TrafficPoint,
  WorkspaceFreezeView,
} from '../../../web/dashboard/src/api/types.ts';
import { Accounts } from './accounts.ts';
import { AuditLogRows } from './auditLog.ts';
import { Connections } from './connections.ts';
import { Gates } from './gates.ts';
import { Infrastructure } from './infrastructure.ts';
import { jobs } from './jobs.ts';
import { Organisations } from './organisations.ts';
import { audit, plan } from './plan.ts';
import { Refused, stale } from './refused.ts';
import { iso, judgement, release, stages } from './release.ts';
import { Secrets } from './secrets.ts';
import { Supply } from './supply.ts';
import { Tenants } from './tenants.ts';
import { Tests } from './tests.ts';
import { Tokens } from './tokens.ts';
import { second } from './traffic.ts';
import { Webhooks } from './webhooks.ts';

const weight = (version: string, weightPercent: number) => ({ version, weightPercent, inFlight: 0, reachable: true });

/** A command as it came. */
export interface Sent {
  user: string;
  workspace: string;
  key: string | null;
  ifMatch: string | null;
  path: string;
  body: Record<string, unknown>;
  status: number;
}

function answered(answer: unknown, sent: Sent): unknown {
  if (answer instanceof Error) {
    sent.status = answer instanceof Refused ? answer.status : 500;
    throw answer;
  }
  return answer;
}

type Push = (target: string, message: unknown, project: string | null) => void;

/** A small world with one of each: a running canary, a quiet project, one that waits for its first approval. Tests move it. */
export class World {
  readonly projects = new Map<string, ProjectView>();
  readonly releases = new Map<string, ReleaseView>();
  readonly plans = new Map<string, PlanView>();
  readonly timeline: TimelineEntry[] = [];
  readonly points = new Map<string, TrafficPoint[]>();
  readonly commands: Sent[] = [];
  readonly logs: string[] = [];
  /** What is asked of these paths (below /v1/) is refused, until a test takes it out again. */
  readonly refusals: { pattern: RegExp; answer: Refused }[] = [];
  readonly jobs: Omit<JobView, 'log'>[] = [];
  readonly audit = audit;
  readonly tenants: Tenants;
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  readonly connections: Connections;
  readonly organisations: Organisations;
  readonly webhooks: Webhooks;
  readonly auditLog: AuditLogRows;
  freeze: WorkspaceFreezeView = { windows: [], stateVersion: 1 };
  readonly secrets: Secrets;
  readonly gates: Gates;
  readonly supply: Supply;
  readonly tests: Tests;
  readonly infrastructure: Infrastructure;
  harm = false;
  look = 12;
  push: Push = () => {};
  private seq = 0;

  constructor(
    readonly now = Date.now(),
    readonly clock = () => Date.now(),
  ) {
    this.tenants = new Tenants(now);
    this.accounts = new Accounts(now);
    this.tokens = new Tokens(now);
    this.connections = new Connections(now);
    this.organisations = new Organisations(now);
    this.webhooks = new Webhooks(now);
    this.auditLog = new AuditLogRows(now);
    this.secrets = new Secrets(now);
    this.gates = new Gates(now);
    this.supply = new Supply(now);
    this.tests = new Tests(now);
    this.infrastructure = new Infrastructure(now);
    this.project({
      id: 'shop',
      source: 'https://git.example.org/acme/shop.git',
      stable: {
        release: 41,
        version: 'v1.8.2',
        commit: '1c2d3e4f5a6b7c8d',
        artifactDigest: 'sha256:aa77c1e0',
        address: '127.0.0.1:41001',
        promotedBy: 41,
        companions: [],
      },
      state: 'releasing',
      activeRelease: 42,
      lastRelease: 42,
      lastPlan: 6,
      good: [
        { release: 41, version: 'v1.8.2', commit: '1c2d3e4f5a6b7c8d', artifactDigest: 'sha256:aa77c1e0', promotedBy: 41, companions: [] },
        {
          release: 39,
          version: 'v1.8.0',
          commit: '77aa88bb99cc00dd',
          artifactDigest: 'sha256:5d2f0c1ab97c4e39',
          promotedBy: 39,
          companions: [],
        },
      ],
    });
    this.changeProject('shop', {
      variables: ['API_URL', 'FEATURE_CART'],
      freeze: [{ from: iso(now + 86_400_000), until: iso(now + 172_800_000), reason: 'Black Friday' }],
    });
    this.project({
      id: 'ledger',
      source: '/srv/git/ledger',
      stable: {
        release: 7,
        version: 'v0.4.0',
        commit: 'aa00bb11cc22dd33',
        artifactDigest: 'sha256:bb33',
        address: '127.0.0.1:41002',
        promotedBy: 7,
        companions: [],
      },
      lastRelease: 7,
    });
    this.project({ id: 'newsletter', source: 'https://git.example.org/acme/newsletter.git', state: 'imported', stable: null });
    const old = (number: number, version: string, outcome: ReleaseView['outcome'], ago: number, over: Partial<ReleaseView> = {}) =>
      this.put(
        release({
          project: 'shop',
          number,
          version,
          artifactDigest: number === 41 ? 'sha256:aa77c1e0' : `sha256:5d2f0c1ab97c4e${number}`,
          phase: 'ended',
          outcome,
          allowed: outcome === 'rolledBack' ? ['retry'] : [],
          startedAt: iso(now - ago),
          endedAt: iso(now - ago + 320_000),
          canaryWeightPercent: 0,
          stages: stages(
            now - ago + 320_000,
            outcome === 'promoted' ? 'production' : 'canary-5',
            outcome === 'promoted' ? 'done' : 'failed',
          ),
          ...over,
        }),
      );
    old(39, 'v1.8.0', 'promoted', 86_400_000 * 9);
    old(40, 'v1.8.1', 'rolledBack', 86_400_000 * 4, {
      verdictToStableMs: 184,
      judgement: judgement(30, true),
      message: 'Rolled back: the error rate was 6.40 % against 0.42 % on stable.',
    });
    old(41, 'v1.8.2', 'promoted', 86_400_000 * 3);
    this.put(
      release({
        project: 'ledger',
        number: 7,
        version: 'v0.4.0',
        phase: 'ended',
        outcome: 'promoted',
        stableVersion: 'v0.3.9',
        startedAt: iso(now - 7_200_000),
        endedAt: iso(now - 6_900_000),
        stages: stages(now, 'production', 'done'),
        message: 'v0.4.0 is in production.',
      }),
    );
    const requestedAt = iso(now - 3_600_000);
    this.plans.set('shop/6', plan({ project: 'shop', number: 6, requestedAt, approvedAt: iso(now - 3_500_000) }));
    this.plans.set(
      'newsletter/1',
      plan({ project: 'newsletter', number: 1, status: 'ready', requestedAt, approvedBy: null, approvedAt: null }, true),
    );
    this.canary(1);
    for (const id of ['shop', 'ledger']) this.points.set(id, []);
    for (let t = Math.floor(now / 1000) - 420; t <= Math.floor(now / 1000); t++) this.second(t);
    this.jobs.push(...jobs(now));
    for (let i = 0; i < 60; i++)
      this.logs.push(i % 17 === 16 ? `warning: deprecated option --loose (${i})` : `[${i + 1}/60] compiled src/part-${i}.ts`);
    const said: [string, string, string, string | null][] = [
      ['project.imported', 'user:ana', 'Imported from https://git.example.org/acme/shop.git', 'first project'],
      ['plan.approved', 'user:ben', 'Plan 6 approved', 'same commands, new commit'],
      ['release.started', 'user:ana', 'Release 42 of v1.9.0 started', 'cart fix for the weekend'],
      ['stage.build.passed', 'system:builder', 'Built in 14.2 s, artifact sha256:5d2f0c1ab97c', null],
      ['stage.gates.passed', 'system:gates', 'Smoke: 24 requests, 0 errors, p95 18 ms', null],
      ['canary.healthy', 'system:judge', '1 %: healthy after 41 s and 340 requests', null],
      ['canary.weight', 'system:judge', 'v1.9.0 gets 5 % of production', null],
    ];
    said.forEach(([kind, actor, text, reason], i) =>
      this.say('shop', { kind, actor, text, reason, release: i < 2 ? null : 42, at: iso(now - (said.length - i) * 41_000) }, false),
    );
    this.say(
      'newsletter',
      { kind: 'project.imported', actor: 'user:ana', text: 'Imported from https://git.example.org/acme/newsletter.git' },
      false,
    );
  }

  private project(over: Partial<ProjectView> & { id: string; source: string }) {
    this.projects.set(over.id, {
      key: `project/default/${over.id}`,
      workspace: 'default',
      defaultBranch: 'main',
      state: 'live',
      advisories: false,
      stable: null,
      activeRelease: null,
      lastRelease: 0,
      lastPlan: 0,
      freeze: [],
      workspaceFreeze: [],
      frozenNow: false,
      good: [],
      variables: [],
      createdAt: iso(this.now - 86_400_000 * 20),
      stateVersion: 1,
      ...over,
    });
  }

  private put(one: ReleaseView) {
    this.releases.set(`${one.project}/${one.number}`, one);
  }

  private readonly answers = new Map<string, unknown>();

  /** A key that was here before gets the answer it got then; what was meant for another state is refused. */
  once(sent: Sent, run: () => unknown): unknown {
    this.commands.push(sent);
    if (sent.key !== null && this.answers.has(sent.key)) return answered(this.answers.get(sent.key), sent);
    let answer: unknown;
    try {
      if (sent.ifMatch !== null && sent.ifMatch !== `"${this.versionOf(sent.path)}.seen"`) throw stale(sent.path);
      answer = run();
    } catch (refused) {
      answer = refused;
    }
    if (sent.key !== null) this.answers.set(sent.key, answer);
    return answered(answer, sent);
  }

  private versionOf(path: string): number | undefined {
    const [kind, id] = path.split('/') as [string, string];
    if (kind === 'members') return this.tenants.version;
    if (kind === 'freeze') return this.freeze.stateVersion;
    if (kind === 'connections') return this.connections.list.find((c) => c.id === id)?.stateVersion;
    return (kind === 'webhooks' ? this.webhooks.list.find((w) => w.id === id) : this.projects.get(id))?.stateVersion;
  }

  get running(): ReleaseView {
    return this.releases.get('shop/42')!;
  }

  /** Puts release 42 at a canary step, healthy so far. */
  canary(step: number, over: Partial<ReleaseView> = {}) {
    const weight = [1, 5, 25, 100][step]!;
    this.change('shop/42', {
      ...release({ project: 'shop', number: 42, version: 'v1.9.0', startedAt: iso(this.clock() - 240_000) }),
      planNumber: 6,
      step,
      canaryWeightPercent: weight,
      phase: 'canary',
      stages: stages(this.clock(), `canary-${weight}`),
      judgement: judgement(this.look, this.harm),
      allowed: ['promote', 'pause', 'abort'],
      message: `v1.9.0 serves ${weight} % of production; the judge is looking.`,
      ...over,
    });
  }

  /** Changes a release and tells everyone. */
  change(key: string, over: Partial<ReleaseView>) {
    const before = this.releases.get(key);
    const after = { ...(before as ReleaseView), ...over, stateVersion: (before?.stateVersion ?? 0) + 1 };
    this.releases.set(key, after);
    this.push('View', { kind: 'release', key: after.key, project: after.project, version: after.stateVersion, body: after }, null);
    return after;
  }

  changeProject(id: string, over: Partial<ProjectView>) {
    const before = this.projects.get(id)!;
    const after = { ...before, ...over, stateVersion: (before.stateVersion ?? 0) + 1 };
    this.projects.set(id, after);
    this.push('View', { kind: 'project', key: after.key, project: id, version: after.stateVersion, body: after }, null);
  }

  changePlan(key: string, over: Partial<PlanView>) {
    const before = this.plans.get(key)!;
    const after = { ...before, ...over, stateVersion: (before.stateVersion ?? 0) + 1 };
    this.plans.set(key, after);
    this.push(
      'View',
      { kind: 'plan', key: `plan/default/${key}`, project: before.project, version: after.stateVersion, body: after },
      null,
    );
  }

  say(project: string, entry: Partial<TimelineEntry> & { text: string }, tell = true) {
    const seq = ++this.seq;
    const one: TimelineEntry = {
      seq,
      key: `project/default/${project}`,
      version: seq,
      body: null,
      id: `project/default/${project}@${seq}.0`,
      at: iso(this.clock()),
      kind: 'note',
      actor: 'system:judge',
      reason: null,
      diff: null,
      release: null,
      project,
      ...entry,
    };
    this.timeline.push(one);
    if (tell) this.push('Timeline', one, project);
    return one;
  }

  /** The canary does harm and the judge takes it back. */
  rollBack() {
    this.harm = true;
    const at = this.clock();
    this.change('shop/42', {
      phase: 'ended',
      outcome: 'rolledBack',
      canaryWeightPercent: 0,
      endedAt: iso(at),
      verdictToStableMs: 143,
      judgement: judgement(30, true),
      allowed: ['retry'],
      stages: stages(at, `canary-${this.running.canaryWeightPercent || 5}`, 'failed'),
      message: 'Rolled back: 6.40 % errors on the canary against 0.42 % on stable.',
    });
    this.changeProject('shop', { activeRelease: null, state: 'live' });
    this.say('shop', { kind: 'canary.rolled-back', actor: 'system:judge', text: 'v1.9.0 rolled back to v1.8.2 in 143 ms', release: 42 });
    this.traffic('shop', []);
  }

  weights(project: string): Traffic['weights'] {
    const p = this.projects.get(project)!;
    if (project !== 'shop' || p.activeRelease === null) return p.stable ? [weight(p.stable.version, 100)] : [];
    const w = this.running.canaryWeightPercent;
    return [weight('v1.8.2', 100 - w), weight('v1.9.0', w)];
  }

  private second(t: number): Record<string, TrafficPoint[]> {
    const age = Math.floor(this.now / 1000) - t;
    const w = this.projects.get('shop')?.activeRelease === null ? 0 : age > 150 ? 0 : age > 90 ? 1 : this.running.canaryWeightPercent;
    const shop = [
      second(t, 'v1.8.2', 148 * (1 - w / 100), 0.42, 22),
      ...(w > 0 ? [second(t, 'v1.9.0', Math.max(1, 1.48 * w), this.harm ? 6.4 : 0.31, 21)] : []),
    ];
    const ledger = [second(t, 'v0.4.0', 31, 0.05, 9)];
    this.points.get('shop')?.push(...shop);
    this.points.get('ledger')?.push(...ledger);
    return { shop, ledger };
  }

  private traffic(project: string, points: TrafficPoint[]) {
    this.push('Traffic', { project, environment: 'production', points }, project);
  }

  /** One second passes: traffic, and a look of the judge. */
  tick() {
    const made = this.second(Math.floor(this.clock() / 1000));
    for (const [project, points] of Object.entries(made)) this.traffic(project, points);
    if (this.running.phase === 'canary') {
      this.look++;
      this.change('shop/42', { judgement: judgement(this.look, this.harm) });
    }
    this.logs.push(`GET /cart 200 ${this.logs.length}`);
  }

  reminders(): ReminderView[] {
    return [{ grain: 'release/default/shop/42', name: 'deadline', startAt: iso(this.now + 412_000), periodSeconds: 60 }];
  }
}
