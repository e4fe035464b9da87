import { expect, test } from 'vitest';
import type { ServiceUsage } from '../../../web/dashboard/src/api/types.ts';
import { figures } from '../../../web/dashboard/src/features/Plans/usage.ts';

const used = (over: Partial<ServiceUsage>): ServiceUsage => ({
  environment: 'production',
  service: 'web',
  hours: 48,
  samples: 11_520,
  from: '2026-03-01T00:00:00Z',
  to: '2026-03-03T00:00:00Z',
  cpuP95: 0.2,
  cpuMax: 0.5,
  memoryP95MiB: 90,
  memoryMaxMiB: 100,
  limitMemoryMiB: 512,
  points: [{ at: '2026-03-01T00:00:00Z', samples: 5760, cpuP95: 0.2, cpuMax: 0.5, memoryMaxMiB: 100 }],
  ...over,
});

test('Figures_WithoutALimitOfProcessors_AreNeverNearIt', () => {
  const [memory, processors] = figures(used({}));
  expect(memory).toMatchObject({ text: '100 of 512 MiB', top: 512, near: false, values: [100] });
  expect(processors).toMatchObject({ text: '0.2, no limit', top: 0.55, near: false });
});

test('Figures_WithLittleLeft_AreNear', () => {
  const [memory, processors] = figures(used({ memoryMaxMiB: 500, limitCpus: 1, cpuP95: 0.9 }));
  expect(memory!.near).toBe(true);
  expect(processors).toMatchObject({ text: '0.9 of 1', top: 1, near: true });
});
