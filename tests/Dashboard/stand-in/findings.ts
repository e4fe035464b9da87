import type { FindingsPage, FindingView, GateWaiver } from '../../../web/dashboard/src/api/types.ts';

type Found = Omit<FindingView, 'standing' | 'waiver'>;

const npm = (
  level: string,
  id: string,
  name: string,
  version: string,
  fixedIn: string | null,
  summary: string,
  more: Partial<Found> = {},
): Found => ({
  kind: 'vulnerability',
  level,
  id,
  aliases: [],
  ecosystem: 'npm',
  name,
  version,
  purl: `pkg:npm/${name}@${version}`,
  fixedIn,
  summary,
  development: false,
  files: ['package-lock.json'],
  ...more,
});

const all: Found[] = [
  npm('critical', 'GHSA-xvch-5gv4-984h', 'minimist', '1.2.5', '1.2.6', 'Prototype pollution in minimist', { aliases: ['CVE-2021-44906'] }),
  npm('high', 'GHSA-35jh-r3h4-6jhm', 'lodash', '4.17.20', '4.17.21', 'Command injection in lodash', { aliases: ['CVE-2021-23337'] }),
  npm('denied', 'AGPL-3.0-only', 'ghost', '5.2.0', null, 'the policy does not allow AGPL-3.0-only', { kind: 'licence' }),
  npm('critical', 'GHSA-vh95-rmgr-6w4m', 'mocha', '6.0.0', '6.2.0', 'Prototype pollution in its argument parser', { development: true }),
  ...Array.from({ length: 52 }, (_, i) =>
    npm('low', `GHSA-0000-0000-${String(i).padStart(4, '0')}`, `part-${i}`, '1.0.0', '1.0.1', 'Slow regular expression'),
  ),
];

const stops = (f: Found) => !f.development && ['critical', 'high', 'denied'].includes(f.level);

/** What the shop's release 42 is built from, held against what is waived now. */
export function findings(project: string, waivers: GateWaiver[], query: URLSearchParams): FindingsPage {
  if (project !== 'shop')
    return {
      items: [],
      next: null,
      release: null,
      commit: null,
      components: 0,
      advisories: 0,
      compared: false,
      levels: {},
      open: 0,
      leftOut: 0,
      unread: [],
    };
  const views = all.map((f): FindingView => {
    const waiver = waivers.find(
      (w) => [f.id, ...f.aliases].includes(w.subject) && (w.package === f.purl || w.package === f.purl.replace(/@[^@]*$/, '')),
    );
    const counts = waiver?.state === 'valid';
    return {
      ...f,
      standing: !stops(f) ? 'lesser' : counts ? 'waived' : 'open',
      waiver: waiver
        ? { number: waiver.number, by: waiver.by, ticket: waiver.ticket, expires: waiver.expires, state: waiver.state, counts }
        : null,
    };
  });
  const asked = views.filter((f) => !query.get('standing') || f.standing === query.get('standing'));
  const from = Number(query.get('after') ?? 0);
  return {
    items: asked.slice(from, from + 50),
    next: asked.length > from + 50 ? String(from + 50) : null,
    release: 42,
    commit: '9f3c1d7be24a51c0883df1f0cc7a11d3b52e6f08',
    components: 412,
    advisories: 61,
    compared: true,
    levels: { critical: 2, denied: 1, high: 1, low: 52 },
    open: views.filter((f) => f.standing === 'open').length,
    leftOut: 0,
    unread: [],
  };
}
