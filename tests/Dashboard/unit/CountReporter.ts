import type { Reporter, TestModule } from 'vitest/node';

/** Ends with one line that a script can read. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>) {
    let passed = 0;
    let failed = 0;
    for (const one of modules) {
      // A module that cannot be loaded has no tests to count; it is a failure all the same.
      if (one.errors().length > 0) failed++;
      for (const test of one.children.allTests()) {
        if (test.result().state === 'passed') passed++;
        else if (test.result().state === 'failed') failed++;
      }
    }
    queueMicrotask(() => console.log(`${passed} passed, ${failed} failed`));
  }
}
