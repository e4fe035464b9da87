import type { FullConfig, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';

/** Ends with one line that a script can read. */
export default class CountReporter implements Reporter {
  private results = new Map<string, TestResult['status']>();

  onBegin(_: FullConfig, __: Suite) {}

  onTestEnd(test: TestCase, result: TestResult) {
    this.results.set(test.id, result.status);
  }

  onEnd() {
    const all = [...this.results.values()];
    const passed = all.filter((s) => s === 'passed').length;
    const skipped = all.filter((s) => s === 'skipped').length;
    console.log(`${passed} passed, ${all.length - passed - skipped} failed`);
  }

  printsToStdio() {
    return true;
  }
}
