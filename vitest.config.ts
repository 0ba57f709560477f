import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { filesOnDatabase, testFiles } from './test/support/files-of-run.js';

/** Those that start processes take longest: begun last, one of them would leave a core idle until it has ended. */
class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const starts = ({ moduleId }: TestSpecification): number =>
      Number(/[/\\]test[/\\](service|cli|database|web[/\\]main)\b/.test(moduleId));
    return (await super.sort(files)).sort((a, b) => starts(b) - starts(a));
  }
}

const onServer = process.env['POSTULATE_TEST_DATABASE'] === 'postgres';

export default defineConfig({
  test: {
    include: onServer ? filesOnDatabase() : testFiles(),
    pool: 'forks',
    maxWorkers: 2,
    // One process runs many files and loads the sources once. Files leave nothing behind in it: no mocks of modules, no
    // changed globals, and what the sources keep is kept by database or by argument.
    isolate: false,
    sequence: { sequencer: ProcessesFirst },
    // Generous: some tests start the whole service several times, and machines are slow when they are busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
