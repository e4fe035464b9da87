import type { CanaryStep, Judgement, MetricEvidence, ReleaseView, StageView, Verdict } from '../../../web/dashboard/src/api/types.ts';

export const steps: CanaryStep[] = [
  { weightPercent: 1, minRequests: 60, minBake: '00:00:30', maxBake: '00:10:00', pause: false },
  { weightPercent: 5, minRequests: 300, minBake: '00:00:30', maxBake: '00:10:00', pause: false },
  { weightPercent: 25, minRequests: 1500, minBake: '00:01:00', maxBake: '00:10:00', pause: false },
  { weightPercent: 100, minRequests: 6000, minBake: '00:02:00', maxBake: '00:10:00', pause: false },
];

export const iso = (ms: number) => new Date(ms).toISOString();

/** The stages of a release that has come to `stage`; earlier ones passed, later ones are still to come. */
export function stages(now: number, at: string, state: StageView['state'] = 'running'): StageView[] {
  const names = ['apply', 'staging', 'gates', ...steps.map((s) => `canary-${s.weightPercent}`), 'production'];
  const took: Record<string, number> = {
    apply: 14.2,
    staging: 3.1,
    gates: 5.4,
    'canary-1': 41,
    'canary-5': 58,
    'canary-25': 75,
    'canary-100': 122,
    production: 0.8,
  };
  const here = names.indexOf(at);
  let start = now - names.slice(0, here + 1).reduce((sum, n) => sum + took[n]! * 1000, 0);
  return names.map((name, i): StageView => {
    if (i > here) return { name, state: state === 'failed' ? 'skipped' : 'pending', figures: {} };
    const startedAt = start;
    start += took[name]! * 1000;
    const canary = name.startsWith('canary-');
    const figures: Record<string, number> = canary
      ? { requests: 340 * (i - 2), errorRatePercent: i === here && state === 'failed' ? 6.4 : 0.31, p95Ms: 21 }
      : name === 'apply'
        ? { buildSeconds: 14.2 }
        : {};
    if (i < here)
      return { name, state: 'done', startedAt: iso(startedAt), endedAt: iso(start), verdict: canary ? 'healthy' : 'passed', figures };
    return {
      name,
      state,
      startedAt: iso(startedAt),
      endedAt: state === 'running' ? null : iso(now),
      verdict: state === 'failed' ? 'unhealthy' : state === 'done' ? 'passed' : null,
      figures,
    };
  });
}

export function metric(
  name: string,
  unit: '%' | 'ms',
  stable: number,
  canary: number,
  tolerated: number,
  spread: number,
  statistic: number,
  verdict: Verdict,
): MetricEvidence {
  const what = name === 'error-rate' ? 'error rate' : name.replace('latency-', '') + ' latency';
  const u = unit === '%' ? ' %' : ' ms';
  return {
    metric: name,
    verdict,
    stable,
    canary,
    tolerated,
    low: Math.max(0, canary - spread),
    high: canary + spread * 1.2,
    statistic,
    boundary: 5.3,
    unit,
    text: `The canary's ${what} is ${canary.toFixed(2)}${u} (${Math.max(0, canary - spread).toFixed(2)} to ${(canary + spread * 1.2).toFixed(2)}) against ${stable.toFixed(2)}${u} on stable; up to ${tolerated.toFixed(2)}${u} is tolerated.`,
  };
}

/** Evidence after `look` looks: harmless wanders below zero, harm climbs over the boundary. */
export function judgement(look: number, harm: boolean): Judgement {
  const spread = 2.4 / Math.sqrt(look + 2);
  const walk = harm ? Math.min(7.5, 0.42 * look) : Math.min(0.6, 0.8 * Math.sin(look / 3)) - 0.04 * look;
  const bad = walk >= 5.3;
  const verdict: Verdict = bad ? 'unhealthy' : !harm && look > 25 ? 'healthy' : 'inconclusive';
  return {
    verdict,
    reason: bad
      ? 'The canary answers 6.40 % of its requests with errors, stable 0.42 %: 342 requests are enough to be sure.'
      : verdict === 'healthy'
        ? 'The canary is no worse than tolerated on every metric: error rate 0.31 %, p95 21 ms over 1,212 requests.'
        : 'Not enough is known yet: 182 canary requests, about 420 are needed to clear the error rate.',
    metrics: [
      metric('error-rate', '%', 0.42, harm ? 6.4 : 0.31, 1.42, spread, walk, verdict),
      metric('latency-p95', 'ms', 22.1, 21.4, 33.2, spread * 6, -0.3 - 0.02 * look, look > 20 ? 'healthy' : 'inconclusive'),
      metric('latency-p99', 'ms', 48.4, 51.9, 72.6, spread * 14, 0.25 * Math.sin(look / 5), 'inconclusive'),
    ],
    detectableErrorIncrease: 0.021,
    requestsForDecision: 1180,
  };
}

export function release(over: Partial<ReleaseView> & Pick<ReleaseView, 'project' | 'number' | 'version'>): ReleaseView {
  return {
    key: `release/default/${over.project}/${over.number}`,
    workspace: 'default',
    commit: '9f3c1d7be24a51c0883df1f0cc7a11d3b52e6f08',
    kind: 'normal',
    phase: 'canary',
    outcome: null,
    message: '',
    stableVersion: 'v1.8.2',
    canaryWeightPercent: 5,
    step: 1,
    steps,
    stages: [],
    judgement: null,
    allowed: [],
    held: null,
    attempt: 1,
    planNumber: 1,
    artifactDigest: 'sha256:5d2f0c1ab97c4e6f88a1f2',
    startedBy: 'user:ana',
    startedAt: iso(Date.now() - 240_000),
    endedAt: null,
    deadline: null,
    verdictToStableMs: null,
    stateVersion: 1,
    routeName: over.version,
    ...over,
  };
}

/** The looks that led to the one a release has now. */
export function looks(of: ReleaseView, world: { look: number; harm: boolean; clock: () => number }) {
  if (!of.judgement) return [];
  const until = of.phase === 'canary' ? world.look : 30;
  return Array.from({ length: until }, (_, n) => ({
    at: iso(world.clock() - 1000 * (until - n)),
    step: of.step,
    judgement: judgement(n + 1, of.phase === 'canary' ? world.harm : true),
  }));
}
