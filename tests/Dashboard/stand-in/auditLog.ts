import { createHash } from 'node:crypto';
import type { AuditArchiveState, AuditLine, AuditVerdict } from '../../../web/dashboard/src/api/types.ts';
import { iso } from './release.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

const told: [string, string, string, string, string | null][] = [
  ['user:ana', 'ImportProject', 'projects', 'accepted', 'first project'],
  ['user:ana', 'RequestPlan', 'projects/shop/plans', 'accepted', null],
  ['user:ana', 'ApprovePlan', 'projects/shop/plans/6/approve', 'refused: plan.own-author', 'ready'],
  ['user:ben', 'ApprovePlan', 'projects/shop/plans/6/approve', 'accepted', 'same commands, new commit'],
  ['user:cleo', 'StartRelease', 'projects/shop/releases', 'denied', null],
  ['user:ana', 'StartRelease', 'projects/shop/releases', 'accepted', 'cart fix for the weekend'],
  ['user:ben', 'PauseRelease', 'projects/shop/releases/42/pause', 'accepted', 'looking at the logs'],
  ['user:ana', 'ExportAuditLog', 'admin/audit-logs/export', 'exported', null],
];

/** A log of 120 rows whose hashes hang together, and what a verification says of it. */
export class AuditLogRows {
  readonly rows: AuditLine[] = [];
  verdict: AuditVerdict;
  archives: AuditArchiveState = { last: null, problem: null };

  constructor(now: number) {
    for (let seq = 1; seq <= 120; seq++) {
      const [actor, action, resource, outcome, reason] = told[seq % told.length]!;
      const changes = outcome === 'accepted' && resource.startsWith('projects/');
      const previous = this.rows.at(-1)?.hash ?? '';
      this.rows.push({
        seq,
        at: iso(now - (121 - seq) * 47_000),
        actor,
        credential: 'development',
        action,
        resource,
        outcome,
        before: changes ? `sha256:${digest(`before ${seq}`)}` : null,
        after: changes ? `sha256:${digest(`after ${seq}`)}` : null,
        reason,
        request: digest(`request ${seq}`).slice(0, 16),
        origin: '127.0.0.1',
        agent: 'Mozilla/5.0 (X11; Linux x86_64)',
        workspace: 'default',
        personal: digest(`personal ${seq}`),
        salt: digest(`salt ${seq}`).slice(0, 32),
        previous,
        hash: digest(`${previous}${seq}`),
      });
    }
    this.verdict = { intact: true, rows: 120, head: `120:${this.rows.at(-1)!.hash}`, faults: [] };
  }

  list(query: URLSearchParams) {
    const limit = Number(query.get('limit') ?? 50);
    const after = Number(query.get('after') ?? Infinity);
    const fits = (line: AuditLine) =>
      line.seq < after &&
      (!query.has('user') || line.actor === `user:${query.get('user')}`) &&
      (!query.has('action') || line.action === query.get('action')) &&
      (!query.has('resource') || line.resource.startsWith(query.get('resource')!)) &&
      (!query.has('from') || line.at >= query.get('from')!) &&
      (!query.has('until') || line.at < query.get('until')!);
    const found = this.rows.filter(fits).reverse();
    return {
      items: found.slice(0, limit),
      next: found.length > limit ? String(found[limit - 1]!.seq) : null,
      archives: query.has('after') ? null : this.archives,
    };
  }
}
