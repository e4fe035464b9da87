import type { FileCoverage, TestCase, TestQuarantine, TestRunRow, TestSeen } from '../../api/types.ts';

/** As the server knows it again: `suite › name`, or the name alone where its runner names no suite. */
export const testName = ({ suite, name }: { suite: string; name: string }) => (suite === '' ? name : `${suite} › ${name}`);

export const holds = (q: TestQuarantine, now: number) => !q.endedAt && Date.parse(q.until) > now;

/** How a quarantine ended: by its day or by somebody; null while it holds. */
export function endOf(q: TestQuarantine, now: number): { at: string; by: string | null } | null {
  if (q.endedAt) return { at: q.endedAt, by: q.endedBy ?? null };
  return holds(q, now) ? null : { at: q.until, by: null };
}

export type Mark = 'passed' | 'wavered' | 'failed' | 'skipped';

/** A test that failed and then passed on the same build has wavered, whatever its last word. */
export const markOf = ({ outcome, wavered }: Pick<TestCase | TestSeen, 'outcome' | 'wavered'>): Mark => (wavered ? 'wavered' : outcome);

/** A build's tests as one mark. */
export const markOfRun = ({ passed, failed }: TestRunRow): Mark => (failed > 0 ? 'failed' : passed > 0 ? 'passed' : 'skipped');

/** "18 passed, 2 failed", the bad ones last, so that they are read last. */
export function inWords(marks: Mark[]): string {
  const parts = (['passed', 'skipped', 'wavered', 'failed'] as const)
    .map((mark) => [mark, marks.filter((m) => m === mark).length] as const)
    .filter(([, n]) => n > 0)
    .map(([mark, n]) => `${n} ${mark}`);
  return parts.length === 0 ? 'nothing yet' : parts.join(', ');
}

/** How many lines "1-4,9" names. */
export function lineCount(ranges: string): number {
  return ranges
    .split(',')
    .filter((part) => part !== '')
    .reduce((sum, part) => {
      const [from, to] = part.split('-').map(Number) as [number, number | undefined];
      return sum + (to === undefined ? 1 : to - from + 1);
    }, 0);
}

/** Of the lines that can be run, percent. */
export function coverageOf({ covered, missed }: FileCoverage): { percent: number; missed: number } {
  const [run, not] = [lineCount(covered), lineCount(missed)];
  return { percent: run + not === 0 ? 100 : (100 * run) / (run + not), missed: not };
}
