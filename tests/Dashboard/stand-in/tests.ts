import type { TestOutcome, TestQuarantine, TestRunRow, TestSeen, TestsView } from '../../../web/dashboard/src/api/types.ts';
import { Refused } from './refused.ts';
import { iso } from './release.ts';

const day = 86_400_000;
const commit = (n: number) => `${(0x9f3c1d7be + n * 7919).toString(16)}a51c0883df1f0cc7a11d3b52e6f08`;

/** What the shop's builds reported: one test that fails, one that wavers, one that is aside. */
export class Tests {
  report: TestsView;
  quarantine: TestQuarantine[];

  constructor(private readonly now: number) {
    const seen = (suite: string, name: string, outcome: TestOutcome, seconds: number, wavered = false, message: string | null = null) => ({
      suite,
      name,
      outcome,
      seconds,
      wavered,
      message,
    });
    this.report = {
      commit: '9f3c1d7be24a51c0883df1f0cc7a11d3b52e6f08',
      report: 'sha256:7711aa',
      at: iso(now - 240_000),
      passed: 411,
      failed: 1,
      skipped: 3,
      unnamed: 0,
      coveragePercent: 76.31,
      cases: [
        seen(
          'checkout',
          'a voucher is taken off once',
          'failed',
          0.214,
          false,
          'Expected: 17.50\nActual:   14.00\n    at voucher.test.ts:41:18',
        ),
        seen('cart', 'keeps its items over midnight', 'passed', 1.84, true),
        seen('search', 'finds within 50 ms', 'passed', 0.062, true, 'took 73 ms'),
      ],
      leastCovered: [
        { path: 'src/import/legacy-importer.ts', covered: '1-12', missed: '13-96,101,104-140' },
        { path: 'src/checkout/voucher.ts', covered: '1-30,33-60', missed: '31-32,61-68' },
        { path: 'src/server.ts', covered: '1-84', missed: '85-86' },
      ],
      read: ['junit build/junit.xml', 'lcov build/lcov.info'],
      unread: [],
    };
    this.quarantine = [
      this.aside('search', 'finds within 50 ms', {
        reason: 'It measures the machine.',
        ticket: 'SHOP-1311',
        since: iso(now - 3 * day),
        until: iso(now + 11 * day),
      }),
      this.aside('mail', 'retries', {
        since: iso(now - 40 * day),
        until: iso(now - 26 * day),
        by: 'system:tests',
        reason: 'failed and passed on one build',
      }),
    ];
  }

  private aside(suite: string, name: string, more: Partial<TestQuarantine>): TestQuarantine {
    return {
      suite,
      name,
      reason: '',
      ticket: null,
      by: 'user:ben',
      since: iso(this.now),
      until: iso(this.now + 14 * day),
      endedAt: null,
      endedBy: null,
      ...more,
    };
  }

  runs(): TestRunRow[] {
    return Array.from({ length: 24 }, (_, n) => ({
      commit: commit(n),
      digest: `sha256:${n}`,
      at: iso(this.now - n * 0.4 * day),
      passed: 411 - n,
      failed: [0, 7, 8].includes(n) ? 1 : 0,
      skipped: 3,
      coverage: 76.31 - n * 0.2,
    }));
  }

  history(test: string): TestSeen[] {
    const at = test.lastIndexOf(' › ');
    if (at < 0)
      throw new Refused(
        404,
        'No such test',
        `No report names a test '${test}'.`,
        'Names as they are shown: prodsprint tests show',
        'test.not-found',
      );
    return Array.from({ length: 20 }, (_, n) => ({
      suite: test.slice(0, at),
      name: test.slice(at + 3),
      commit: commit(n),
      code: `sha256:${n}`,
      at: iso(this.now - n * 0.4 * day),
      outcome: n === 6 ? 'failed' : 'passed',
      wavered: n === 0 || n === 9,
    }));
  }

  /** Null: not about tests. */
  command(path: string, user: string, body: Record<string, unknown>): unknown {
    const about = /^projects\/[^/]+\/tests\/quarantine(\/release)?$/.exec(path);
    if (!about) return null;
    const [suite, name] = String(body.test).split(' › ') as [string, string | undefined];
    if (name === undefined)
      throw new Refused(
        404,
        'No such test',
        `No report names a test '${body.test}'.`,
        'Names as they are shown: prodsprint tests show',
        'test.not-found',
      );
    if (about[1]) {
      this.quarantine = this.quarantine.map((q) => (q.name === name ? { ...q, endedAt: iso(this.now), endedBy: `user:${user}` } : q));
      return { items: this.quarantine, next: null };
    }
    const made = this.aside(suite, name, {
      reason: String(body.reason),
      ticket: String(body.ticket),
      until: String(body.expires),
      by: `user:${user}`,
    });
    this.quarantine = [made, ...this.quarantine];
    return made;
  }
}
