import type { GrainFigures, JobView } from '../../../web/dashboard/src/api/types.ts';
import { iso } from './release.ts';

/** One that is done, one that runs, one that is dead. */
export const jobs = (now: number): Omit<JobView, 'log'>[] => [
  {
    id: 'release/default/shop/42@3.0',
    kind: 'deploy.build',
    state: 'succeeded',
    owner: 'release/default/shop/42',
    attempt: 1,
    maxAttempts: 3,
    interruptions: 0,
    priority: 0,
    progress: 1,
    createdAt: iso(now - 240_000),
    startedAt: iso(now - 239_000),
    endedAt: iso(now - 225_000),
    result: { sizeBytes: 1_244_102 },
  },
  {
    id: 'project/default/newsletter@2.0',
    kind: 'project.import',
    state: 'running',
    owner: 'project/default/newsletter',
    attempt: 1,
    maxAttempts: 5,
    interruptions: 0,
    priority: 0,
    progress: 0.62,
    progressText: '92 of 148 files',
    createdAt: iso(now - 9_000),
    startedAt: iso(now - 8_000),
  },
  {
    id: 'release/default/shop/40@9.1',
    kind: 'deploy.stop',
    state: 'dead',
    owner: 'release/default/shop/40',
    attempt: 5,
    maxAttempts: 5,
    interruptions: 0,
    priority: 0,
    error: 'Process 41877 did not end within 10 s of SIGKILL. Look at it on the machine, then replay.',
    createdAt: iso(now - 900_000),
    endedAt: iso(now - 600_000),
    argument: { release: 40, version: 'v1.8.1' },
  },
];

export const grains: GrainFigures[] = [
  { type: 'release', calls: 1310, activations: 14, callsPerSecond: 42.6, latencyMs: 0.31, slowestMs: 2.4, errors: 0 },
  { type: 'project', calls: 212, activations: 3, callsPerSecond: 1.2, latencyMs: 0.22, slowestMs: 1.1, errors: 0 },
  { type: 'plan', calls: 44, activations: 2, callsPerSecond: 0.1, latencyMs: 0.9, slowestMs: 3.7, errors: 1 },
];
