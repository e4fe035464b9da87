import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ReleaseView } from '../../../web/dashboard/src/api/types.ts';
import { quotas } from './accounts.ts';
import { blueprint, blueprintFiles, branch, usage } from './blueprint.ts';
import { decisions } from './decisions.ts';
import { findings } from './findings.ts';
import { grains } from './jobs.ts';
import { performance, performanceRuns } from './performance.ts';
import { iso, looks } from './release.ts';
import { faults, ways } from './connections.ts';
import { fail, none, Refused } from './refused.ts';
import { tenantCommand } from './tenantsApi.ts';
import { permissions } from './tenants.ts';
import type { Sent, World } from './world.ts';

const page = (items: unknown[]) => ({ items, next: null });

interface Asking {
  user: string;
  workspace: string;
}

const found = <T>(one: T | Refused): T => (one instanceof Refused ? fail(one) : one);

type Handler = (world: World, parts: string[], query: URLSearchParams, asking: Asking) => unknown;

const reads: [RegExp, Handler][] = [
  [/^projects$/, (w) => page([...w.projects.values()])],
  [/^projects\/([^/]+)$/, (w, [, id]) => w.projects.get(id!) ?? fail(none(`project ${id}`))],
  [/^projects\/([^/]+)\/releases$/, (w, [, id]) => page([...w.releases.values()].filter((r) => r.project === id))],
  [/^projects\/([^/]+)\/releases\/(\d+)$/, (w, [, id, n]) => w.releases.get(`${id}/${n}`) ?? fail(none(`release ${n}`))],
  [
    /^projects\/([^/]+)\/releases\/(\d+)\/looks$/,
    (w, [, id, n]) => ({ items: looks(w.releases.get(`${id}/${n}`) ?? fail(none(`release ${n}`)), w) }),
  ],
  [
    /^projects\/([^/]+)\/timeline$/,
    (w, [, id], q) => {
      const limit = Number(q.get('limit') ?? 100);
      const all = w.timeline.filter((e) => e.project === id && e.seq > Number(q.get('after') ?? 0));
      return { items: all.slice(0, limit), next: all.length > limit ? String(all[limit - 1]!.seq) : null };
    },
  ],
  [/^blueprints\/(sha256\S+)$/, (_, [, digest]) => blueprintFiles(digest!)],
  [/^projects\/([^/]+)\/usage$/, (w, [, id]) => usage(id!, w.now)],
  [/^projects\/[^/]+\/plans\/(\d+)\/branch$/, (w, [, n]) => branch(Number(n), w.now)],
  [/^projects\/([^/]+)\/plans$/, (w, [, id]) => page([...w.plans.values()].filter((p) => p.project === id))],
  [/^projects\/([^/]+)\/plans\/(\d+)$/, (w, [, id, n]) => w.plans.get(`${id}/${n}`) ?? fail(none(`plan ${n}`))],
  [/^projects\/([^/]+)\/audit$/, (w) => w.audit],
  [
    /^projects\/([^/]+)\/artifacts$/,
    (w, [, id]) =>
      page(
        [...w.releases.values()]
          .filter((r) => r.project === id)
          .map((r) => ({
            digest: r.artifactDigest,
            commit: r.commit,
            service: 'shop',
            sizeBytes: 1_244_102 + r.number * 977,
            files: 148,
            buildSeconds: 14.2,
            createdAt: r.startedAt,
            pinned: r.outcome === 'promoted',
            running: r.phase !== 'ended',
          })),
      ),
  ],
  [
    /^projects\/([^/]+)\/traffic$/,
    (w, [, id]) => ({
      environment: 'production',
      points: w.points.get(id!) ?? [],
      weights: w.weights(id!),
      url: w.projects.get(id!)?.stable ? `http://127.0.0.1:${id === 'shop' ? 8081 : 8082}` : null,
    }),
  ],
  [
    /^projects\/([^/]+)\/logs$/,
    (w, _, q) => {
      const after = q.has('after') ? Number(q.get('after')) : 0;
      return { lines: w.logs.slice(after), from: after, next: w.logs.length, skipped: 0 };
    },
  ],
  [/^runs$/, (w, _, q) => page([...w.releases.values()].filter((r) => (r.phase === 'ended') === (q.get('state') === 'ended')))],
  [/^decisions$/, (w) => page(decisions(w))],
  [
    /^operations\/grains$/,
    (w) => ({ grains, engine: 'embedded', activations: 19, callsPerSecond: 43.9, startedAt: iso(w.now - 7_200_000) }),
  ],
  [/^operations\/router$/, (w) => ({ environments: [...w.projects.values()].filter((p) => p.stable), droppedRequests: 0 })],
  [/^me$/, (w, _, __, { user, workspace }) => w.tenants.me(user, workspace)],
  [/^session$/, (w) => w.accounts.session()],
  [/^sessions$/, (w) => ({ items: w.accounts.sessions })],
  [/^tokens$/, (w) => ({ items: w.tokens.own })],
  [/^service-tokens$/, (w) => ({ items: w.tokens.services })],
  [/^device\/([^/]+)$/, (w, [, code]) => found(w.tokens.device(code!))],
  [/^config$/, (w) => ({ signIn: w.accounts.account === null ? [{ id: 'development', kind: 'development', name: 'Development' }] : ways })],
  [/^sign-in\/faults$/, () => page(faults)],
  [/^sign-in\/route$/, (w, _, q) => w.connections.route(q.get('email') ?? '')],
  [/^connections$/, (w) => page(w.connections.list)],
  [/^quotas$/, () => page(quotas)],
  [/^freeze$/, (w) => w.freeze],
  [/^workspaces$/, (w) => page(w.organisations.workspaces)],
  [/^organisations$/, (w) => page(w.organisations.list)],
  [/^organisations\/([^/]+)$/, (w, [, id]) => found(w.organisations.find(id!))],
  [/^webhooks$/, (w) => page(w.webhooks.list)],
  [/^webhooks\/([^/]+)$/, (w, [, id]) => found(w.webhooks.find(id!))],
  [/^webhooks\/([^/]+)\/deliveries$/, (w, [, id], q) => page(w.webhooks.deliveriesOf(id!, q.get('state')))],
  [/^readiness\/([^/]+)$/, (w, [, id]) => w.gates.readiness(id!)],
  [/^projects\/[^/]+\/waivers$/, (w) => page(w.gates.waivers)],
  [/^projects\/([^/]+)\/findings$/, (w, [, id], q) => findings(id!, w.gates.waivers, q)],
  [/^projects\/([^/]+)\/performance$/, (w, [, id], q) => performance(id!, q.has('release') ? Number(q.get('release')) : null, w.now)],
  [/^projects\/([^/]+)\/performance\/runs$/, (w, [, id]) => page(id === 'shop' ? performanceRuns(w.now) : [])],
  [
    /^projects\/([^/]+)\/tests$/,
    (w, [, id]) => (id === 'shop' ? w.tests.report : fail(new Refused(404, 'No tests', 'None yet.', 'Release', 'tests.not-found'))),
  ],
  [/^projects\/([^/]+)\/tests\/runs$/, (w, [, id]) => page(id === 'shop' ? w.tests.runs() : [])],
  [/^projects\/[^/]+\/tests\/history$/, (w, _, q) => page(w.tests.history(q.get('test') ?? ''))],
  [/^projects\/[^/]+\/tests\/quarantine$/, (w) => page(w.tests.quarantine)],
  [/^projects\/[^/]+\/artifacts\/([^/]+)\/attestations$/, (w, [, digest]) => page(w.supply.attestations(decodeURIComponent(digest!)))],
  [/^attestation-keys$/, (w) => page(w.supply.keys)],
  [/^admin\/advisories$/, (w) => ({ advisories: w.gates.advisories })],
  [/^projects\/([^/]+)\/secrets$/, (w, [, id]) => page(w.secrets.of(id!))],
  [/^projects\/([^/]+)\/secrets\/([^/]+)\/([^/]+)$/, (w, [, id, e, name]) => found(w.secrets.find(id!, e!, name!))],
  [/^projects\/([^/]+)\/infrastructure$/, (w, [, id]) => page(w.infrastructure.of(id!))],
  [/^projects\/([^/]+)\/infrastructure\/([^/]+)\/states$/, (w) => page(w.infrastructure.states)],
  [/^me\/logins$/, (w) => page(w.accounts.logins)],
  [/^security-policy$/, (w) => w.accounts.policy],
  [/^second-factor$/, () => ({ totp: true, passkeys: 0, recoveryCodes: 8 })],
  [/^permissions$/, () => ({ items: permissions })],
  [/^members$/, (w) => w.tenants.view()],
  [/^admin\/audit-logs$/, (w, _, q) => w.auditLog.list(q)],
  [/^admin\/audit-logs\/verify$/, (w) => w.auditLog.verdict],
  [/^admin\/audit-logs\/export$/, (w) => w.auditLog.rows],
  [/^operations\/reminders$/, (w) => page(w.reminders())],
  [/^operations\/jobs$/, (w, _, q) => page(w.jobs.filter((j) => !q.get('state') || j.state === q.get('state')))],
  [
    /^operations\/jobs\/(.+)$/,
    (w, [, id]) =>
      w.infrastructure.job(decodeURIComponent(id!)) ?? {
        log: [],
        ...(w.jobs.find((j) => j.id === decodeURIComponent(id!)) ?? fail(none('such job'))),
      },
  ],
];

const releaseVerbs: Record<string, (w: World, r: ReleaseView) => void> = {
  pause: (w, r) =>
    void w.change(`${r.project}/${r.number}`, {
      phase: 'paused',
      held: 'byPerson',
      allowed: ['resume', 'promote', 'abort'],
      message: `Paused at ${r.canaryWeightPercent} %.`,
    }),
  resume: (w, r) =>
    void w.change(`${r.project}/${r.number}`, {
      phase: 'canary',
      held: null,
      allowed: ['promote', 'pause', 'abort'],
      message: 'The judge is looking.',
    }),
  promote: (w) => w.canary(Math.min(3, w.running.step + 1)),
  abort: (w, r) => {
    w.change(`${r.project}/${r.number}`, {
      phase: 'ended',
      outcome: 'aborted',
      canaryWeightPercent: 0,
      allowed: ['retry'],
      endedAt: iso(w.clock()),
      message: 'Aborted: all traffic is on v1.8.2.',
    });
    w.changeProject(r.project, { activeRelease: null });
  },
  retry: (w) => w.canary(0, { attempt: w.running.attempt + 1 }),
  approve: (w) => w.canary(0),
};

/** Asked for by one person, confirmed by another; the timeline has both. */
function overrideFreeze(world: World, project: string, release: number, user: string, body: Record<string, unknown>): unknown {
  const asked = world.timeline.findLast((e) => e.release === release && e.kind === 'release.override-asked');
  if (asked?.actor === `user:${user}`)
    throw new Refused(
      409,
      'A second person has to confirm',
      `user:${user} asked for the override and so cannot confirm it.`,
      'Ask somebody else',
    );
  const minutes = asked ? 60 : 15;
  world.say(project, {
    kind: asked ? 'release.override-confirmed' : 'release.override-asked',
    actor: `user:${user}`,
    reason: String(body.reason),
    text: 'the freeze',
    release,
    body: { until: iso(world.clock() + minutes * 60_000), askedBy: asked?.actor },
  });
  return {};
}

function command(world: World, { path, user, body }: Sent): unknown {
  const override = /^projects\/([^/]+)\/releases\/(\d+)\/override-freeze$/.exec(path);
  if (override) return overrideFreeze(world, override[1]!, Number(override[2]), user, body);
  const act = /^projects\/([^/]+)\/releases\/(\d+)\/(\w+)$/.exec(path);
  if (act) {
    const found = world.releases.get(`${act[1]}/${act[2]}`) ?? fail(none('such release'));
    if (!found.allowed.includes(act[3]!))
      throw new Refused(
        409,
        'Not possible now',
        `${act[3]} is not possible while the release is ${found.phase}.`,
        `prodsprint timeline ${act[1]}`,
      );
    releaseVerbs[act[3]!]!(world, found);
    world.say(act[1]!, {
      kind: `release.${act[3]}`,
      actor: `user:${user}`,
      reason: String(body.reason ?? ''),
      text: `${act[3]} of ${found.version}`,
      release: found.number,
    });
    return {};
  }
  const approve = /^projects\/([^/]+)\/plans\/(\d+)\/approve$/.exec(path);
  if (approve) {
    const found = world.plans.get(`${approve[1]}/${approve[2]}`) ?? fail(none('such plan'));
    if (found.requestedBy === `user:${user}`)
      throw new Refused(
        403,
        'The author cannot approve',
        'A plan is approved by someone other than who asked for it.',
        'Ask someone else, or switch the person in the menu.',
      );
    const given = { by: `user:${user}`, at: iso(world.clock()), digest: found.document!.digest, reason: body.reason as string };
    const approvals = [...found.approvals, given];
    const enough = approvals.length >= (found.document!.policy.approvers ?? 1);
    world.changePlan(`${approve[1]}/${approve[2]}`, {
      approvals,
      waivers: body.waivers as never,
      ...(enough ? { status: 'approved', approvedBy: given.by, approvedAt: given.at } : {}),
    });
    return {};
  }
  const job = /^operations\/jobs\/(.+)\/(retry|replay)$/.exec(path);
  if (job) {
    const found = world.jobs.find((j) => j.id === decodeURIComponent(job[1]!)) ?? fail(none('such job'));
    found.state = 'queued';
    found.error = null;
    return {};
  }
  const settings = /^projects\/([^/]+)\/(freeze|variables)$/.exec(path);
  if (settings) {
    const found = world.projects.get(settings[1]!) ?? fail(none('such project'));
    if (settings[2] === 'freeze') world.changeProject(found.id, { freeze: body.windows as never });
    else
      world.changeProject(found.id, {
        variables: Object.entries(body.values as Record<string, string | null>).reduce(
          (names, [name, value]) => [...names.filter((n) => n !== name), ...(value === null ? [] : [name])].sort(),
          found.variables,
        ),
      });
    return {};
  }
  if (path === 'blueprints/generate') return blueprint(String(body.project), Number(body.plan), (body.apply ?? []) as string[]);
  if (path === 'freeze') {
    world.freeze = { windows: body.windows as never, stateVersion: world.freeze.stateVersion + 1 };
    for (const id of world.projects.keys()) world.changeProject(id, { workspaceFreeze: body.windows as never });
    return {};
  }
  if (path === 'security-policy') return (world.accounts.policy = { secondFactor: Boolean(body.secondFactor) });
  const known =
    tenantCommand(world, path, user, body) ??
    world.tokens.command(path, body) ??
    world.connections.command(path, body) ??
    world.webhooks.command(path, body) ??
    world.organisations.command(path, user, body) ??
    world.secrets.command(path, user, body) ??
    world.gates.command(path, user, body) ??
    world.supply.command(path, user) ??
    world.tests.command(path, user, body) ??
    world.infrastructure.command(path, user, body);
  if (known) return known;
  if (/^projects\/[^/]+\/(rollback|plans|plans\/\d+\/branch|releases)$/.test(path) || path === 'projects') return {};
  throw none(`command ${path}`);
}

const read = async (request: IncomingMessage) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
};

export async function answer(world: World, request: IncomingMessage, response: ServerResponse, url: URL) {
  const path = url.pathname.slice('/v1/'.length);
  const reply = (status: number, value: unknown, type = 'application/json') =>
    response.writeHead(status, { 'Content-Type': type }).end(JSON.stringify(value));
  try {
    const user = world.accounts.userOf(request, path);
    const workspace = String(request.headers['x-prodsprint-workspace'] ?? 'default');
    const refusal = world.refusals.find(({ pattern }) => pattern.test(path));
    if (refusal) throw refusal.answer;
    if (request.method !== 'GET') {
      const about = world.accounts.command(path, request.method!, response);
      if (about) return reply(200, about);
      const body = { ...(await read(request)), ...(request.method === 'DELETE' ? { delete: true } : {}) };
      const key = (request.headers['idempotency-key'] as string | undefined) ?? null;
      const ifMatch = request.headers['if-match'] ?? null;
      const sent: Sent = { user, workspace, key, ifMatch, path, body, status: 200 };
      return reply(
        200,
        world.once(sent, () => command(world, sent)),
      );
    }
    for (const [pattern, handle] of reads) {
      const match = pattern.exec(path);
      if (match) return reply(200, handle(world, [...match], url.searchParams, { user, workspace }));
    }
    throw none(`resource ${path}`);
  } catch (error) {
    const refused = error instanceof Refused ? error : new Refused(500, 'Defect', String(error));
    reply(
      refused.status,
      {
        type: 'about:blank',
        title: refused.title,
        detail: refused.message,
        status: refused.status,
        code: refused.code,
        requestId: 'stand-in',
        next: refused.next,
      },
      'application/problem+json',
    );
  }
}
