import type { GateWaiver, Readiness, ReadinessItem, WaiverKind } from '../../../web/dashboard/src/api/types.ts';
import { none, Refused } from './refused.ts';
import { iso } from './release.ts';

const day = 86_400_000;

const item = (
  id: string,
  title: string,
  seen: string,
  state: ReadinessItem['state'] = 'pass',
  remediation?: string,
  link?: string,
): ReadinessItem => ({
  id,
  title,
  state,
  seen,
  remediation: remediation ?? null,
  link: link ?? null,
});

/** What stands between a project and production, and what somebody answers for. */
export class Gates {
  waivers: GateWaiver[];
  advisories = 18_204;

  constructor(private readonly now: number) {
    const waiver = (
      number: number,
      covers: WaiverKind,
      subject: string,
      pkg: string | null,
      until: number,
      more: Partial<GateWaiver> = {},
    ): GateWaiver => ({
      number,
      covers,
      subject,
      package: pkg,
      reason: 'The template is ours; no visitor reaches it.',
      ticket: 'SHOP-1207',
      expires: iso(now + until * day),
      by: 'user:ben',
      at: iso(now - 11 * day),
      state: 'valid',
      ...more,
    });
    this.waivers = [
      waiver(3, 'control', 'tests.coverage', null, 60, {
        ticket: 'https://tickets.acme.example/SHOP-1311',
        reason: 'The old importer is being replaced; its tests come with the new one.',
      }),
      waiver(2, 'vulnerability', 'CVE-2021-23337', 'pkg:npm/lodash@4.17.20', 3),
      waiver(1, 'licence', 'AGPL-3.0-only', 'pkg:npm/ghost', 20, {
        state: 'revoked',
        revokedBy: 'user:ana',
        revokedAt: iso(now - 2 * day),
        revokedFor: 'a licence was bought',
        ticket: 'LEGAL-7',
        reason: 'A licence is being bought.',
      }),
    ];
  }

  readiness(project: string): Readiness {
    const at = `/projects/${project}`;
    const items: ReadinessItem[] =
      project === 'newsletter'
        ? [
            item('source.read', 'The repository can be read', 'https://git.example.org/acme/newsletter.git at 9f3c1d7be2'),
            item(
              'plan.blockers',
              'Nothing stands against the plan',
              'PAYMENT_API_KEY is not provided',
              'block',
              'Resolve each, or waive it with a reason',
              `${at}/plan`,
            ),
            item(
              'plan.approved',
              'The plan is approved',
              'plan 1 is ready',
              'block',
              'Approve it: prodsprint approve --project newsletter',
              `${at}/plan`,
            ),
            item(
              'variables.set',
              'Every variable has a value',
              'newsletter: PAYMENT_API_KEY',
              'block',
              'Set them for the project',
              `${at}/settings`,
            ),
            item('dependencies.locked', 'Every dependency is locked', 'none found by the audit'),
          ]
        : [
            item('source.read', 'The repository can be read', 'https://git.example.org/acme/shop.git at 9f3c1d7be2'),
            item('plan.blockers', 'Nothing stands against the plan', '0 blockers, all waived with a reason'),
            item('plan.approved', 'The plan is approved', 'plan 6 is approved'),
            item('variables.set', 'Every variable has a value', 'none is missing'),
            item('secrets.tree', 'No credential lies in the files', 'none found by the audit'),
            item('advisories.known', 'There are advisories to hold dependencies against', 'each release is held against them at its gates'),
            item('tests.present', 'Every service has tests', 'npm test'),
            item(
              'tests.covered',
              'The tests cover enough',
              '76.31 % of lines at 9f3c1d7be2',
              'warn',
              'At least 80 % are to be: prodsprint tests show --project shop',
            ),
            item(
              'tests.steady',
              'No test is in quarantine',
              '1 test fails and passes on the same code',
              'warn',
              'Mend them before their quarantine ends: prodsprint tests quarantine list --project shop',
            ),
            item('steps.reversible', 'Every step can be taken back', '9 steps'),
            item('rollback.target', 'There is a version to go back to', '2 good versions'),
            item('freeze.open', 'No freeze window is open', 'none'),
          ];
    const blockers = items.filter((i) => i.state === 'block');
    const state = blockers.length > 0 ? 'blocked' : items.some((i) => i.state === 'warn') ? 'attention' : 'ready';
    const message = `${items.filter((i) => i.state === 'pass').length} of ${items.length}`;
    return {
      project,
      plan: project === 'newsletter' ? 1 : 6,
      commit: '9f3c1d7be24a51c0883df1f0cc7a11d3b52e6f08',
      state,
      badge: { schemaVersion: 1, label: 'readiness', message, color: { ready: 'brightgreen', attention: 'yellow', blocked: 'red' }[state] },
      items,
      blockers,
    };
  }

  /** Null: not about gates. */
  command(path: string, user: string, body: Record<string, unknown>): unknown {
    const about = /^projects\/([^/]+)\/waivers(?:\/(\d+)\/revoke)?$/.exec(path);
    if (!about) return null;
    const answer = { key: `project/default/${about[1]}`, version: 9 };
    if (about[2]) {
      const found = this.waivers.find((w) => w.number === Number(about[2]));
      if (!found) throw none(`waiver ${about[2]}`);
      Object.assign(found, { state: 'revoked', revokedBy: `user:${user}`, revokedAt: iso(this.now), revokedFor: body.reason });
      return answer;
    }
    const same = this.waivers.find((w) => w.state === 'valid' && w.subject === body.subject && w.package === body.package);
    if (same)
      throw new Refused(
        409,
        'Waived already',
        `Waiver ${same.number} of ${same.by} covers it.`,
        `Revoke that one first: prodsprint waivers revoke ${same.number}`,
        'waiver.exists',
      );
    const made = {
      ...body,
      number: this.waivers.length + 1,
      by: `user:${user}`,
      at: iso(this.now),
      state: 'valid',
    } as unknown as GateWaiver;
    this.waivers = [made, ...this.waivers];
    return answer;
  }
}
