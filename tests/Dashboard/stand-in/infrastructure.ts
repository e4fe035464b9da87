import type { InfrastructureChange, InfrastructureView, JobView, StateView } from '../../../web/dashboard/src/api/types.ts';
import { none, Refused } from './refused.ts';
import { iso } from './release.ts';

const day = 86_400_000;
const digest = (of: string) => `sha256:${of.repeat(8)}`;

const change = (
  address: string,
  action: InfrastructureChange['action'],
  before: object | null,
  after: object | null,
  why: string | null = null,
) => ({
  address: `terraform_data.${address}`,
  action,
  before: before && JSON.stringify(before),
  after: after && JSON.stringify(after),
  why,
});

/** What the shop's environments stand on: production with a drift, staging with a plan that waits. */
export class Infrastructure {
  list: InfrastructureView[];
  readonly log: string[] = [];
  states: StateView[];

  constructor(private readonly now: number) {
    const role = { name: 'shop_production', secret: 'database-password' };
    this.list = [
      this.view('production', {
        phase: 'applied',
        plan: this.plan(2, []),
        baseline: {
          plan: 2,
          planDigest: digest('4f20c1aa'),
          configurationDigest: digest('aa10'),
          approvedBy: 'user:ben',
          stateVersion: 7,
          stateDigest: digest('91be77d0'),
          appliedAt: iso(now - 6 * day),
        },
        drift: {
          digest: digest('d81f'),
          changes: [
            change('role', 'repair', role, role, 'The role shop_production may create databases; it was to own one and do nothing else.'),
            change(
              'directory["data"]',
              'repair',
              { name: 'data', mode: '0700' },
              { name: 'data', mode: '0700' },
              'The mode of data is 0755.',
            ),
          ],
          since: iso(now - 1_260_000),
          acceptedBy: null,
          acceptedAt: null,
          acceptedFor: null,
        },
        approvedBy: 'user:ben',
        approvedAt: iso(now - 6 * day),
        checkedAt: iso(now - 360_000),
      }),
      this.view('staging', {
        phase: 'planned',
        plan: this.plan(3, [
          change('database', 'update', { name: 'shop_staging', encoding: 'SQL_ASCII' }, { name: 'shop_staging', encoding: 'UTF8' }),
          change('directory["exports"]', 'create', null, { name: 'exports', mode: '0700' }),
        ]),
        baseline: {
          plan: 1,
          planDigest: digest('0b17'),
          configurationDigest: digest('aa10'),
          approvedBy: 'user:ana',
          stateVersion: 3,
          stateDigest: digest('77aa01bc'),
          appliedAt: iso(now - 20 * day),
        },
        checkedAt: iso(now - 300_000),
      }),
    ];
    const state = (version: number, days: number, sound = true): StateView => ({
      version,
      serial: version,
      digest: digest(`5${version}d0`),
      run: `infrastructure/default/shop/production@${version}.0`,
      createdAt: iso(now - days * day),
      sound,
    });
    this.states = [state(7, 6), state(6, 6.1), state(5, 12, false)];
  }

  private plan(number: number, changes: InfrastructureChange[], destroy = false): InfrastructureView['plan'] {
    return {
      number,
      destroy,
      changes,
      configurationDigest: digest('aa10'),
      planFileDigest: digest('bb20'),
      stateVersion: 3,
      tool: 'OpenTofu 1.10.6',
      digest: digest(`c${number}9e`),
    };
  }

  private view(environment: string, more: Partial<InfrastructureView>): InfrastructureView {
    return {
      key: `infrastructure/default/shop/${environment}`,
      workspace: 'default',
      project: 'shop',
      environment,
      phase: 'planning',
      plan: null,
      requestedBy: 'user:ana',
      approvedBy: null,
      approvedAt: null,
      baseline: null,
      drift: null,
      checkedAt: null,
      job: null,
      problem: null,
      stateVersion: 1,
      ...more,
    };
  }

  of = (project: string) => this.list.filter((i) => i.project === project);
  find = (project: string, environment: string) =>
    this.of(project).find((i) => i.environment === environment) ?? none(`infrastructure '${project}/${environment}'`);

  change(environment: string, more: Partial<InfrastructureView>) {
    this.list = this.list.map((i) => (i.environment === environment ? { ...i, ...more, stateVersion: i.stateVersion + 1 } : i));
    return this.list.find((i) => i.environment === environment)!;
  }

  /** The job that is at work on an environment, with what it has written so far. */
  job(id: string): JobView | null {
    const of = this.list.find((i) => id.startsWith(`${i.key}@`));
    if (!of) return null;
    const running = of.job === id;
    return {
      id,
      kind: 'infrastructure.apply',
      state: running ? 'running' : 'succeeded',
      owner: of.key,
      project: of.project,
      group: of.key,
      attempt: 1,
      maxAttempts: 5,
      interruptions: 0,
      priority: 0,
      progressText: 'applying',
      createdAt: iso(this.now),
      startedAt: iso(this.now),
      endedAt: running ? null : iso(this.now + 4_000),
      log: this.log.map((line, n) => ({ n: n + 1, attempt: 1, at: iso(this.now), line })),
    } as JobView;
  }

  /** Null: not about infrastructure. */
  command(path: string, user: string, body: Record<string, unknown>): unknown {
    const about = /^projects\/([^/]+)\/infrastructure\/([^/]+)\/(.+)$/.exec(path);
    if (!about) return null;
    const [, project, environment, what] = about as unknown as [string, string, string, string];
    const found = this.find(project, environment);
    const answer = { key: `infrastructure/default/${project}/${environment}`, version: 2 };
    if (what === 'plan') {
      if (found instanceof Refused) this.list = [...this.list, this.view(environment, { project, job: `${answer.key}@1.0` })];
      else this.change(environment, { phase: 'planning', job: `${answer.key}@${found.stateVersion + 1}.0` });
      return answer;
    }
    if (found instanceof Refused) throw found;
    const job = `${found.key}@${found.stateVersion + 1}.0`;
    switch (what) {
      case 'approve':
        if (body.digest !== found.plan?.digest)
          throw new Refused(409, 'Not the plan you saw', `You approved ${body.digest}.`, 'Read it again', 'infrastructure.changed');
        if (found.requestedBy === `user:${user}`)
          throw new Refused(
            403,
            'Not your own plan',
            `The project's policy wants another pair of eyes than user:${user}'s.`,
            'Ask someone else to approve it',
            'infrastructure.own-approval',
          );
        this.change(environment, { phase: 'approved', approvedBy: `user:${user}`, approvedAt: iso(this.now) });
        break;
      case 'apply':
      case 'drift/reapply':
        this.change(environment, { phase: 'applying', job });
        break;
      case 'drift/accept':
        this.change(environment, {
          drift: { ...found.drift!, acceptedBy: `user:${user}`, acceptedAt: iso(this.now), acceptedFor: String(body.reason) },
        });
        break;
      default:
        this.change(environment, { checkedAt: iso(this.now) });
    }
    return answer;
  }
}
