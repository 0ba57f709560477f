import { type OwnTests, testAlone, testStored } from '../flows/test-strategy.js';
import { printable } from '../reports/text-table.js';
import { defineCommand } from './define-command.js';
import { onlyArgument, parsedAlone, sourceOf, strategyOf } from './rules-source.js';
import { plural } from './rules-lint.js';
import { withService } from './with-service.js';

const help = `postulate rules test FILE|NAME@VERSION: runs the tests that stand beside the rules.

Of a test that fails it says what was decided instead and why, comparison by comparison.

  --stored  look up contents and segments in the database (always so of NAME@VERSION)
  --json    the same as JSON

Exit code: 0 all passed, 1 one failed or could not be run, 2 wrong usage.
`;

const options = {
  stored: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export const rulesTest = defineCommand({
  name: 'test',
  summary: 'run the tests that stand beside the rules',
  help,
  options,
  async run({ values, positionals }, io) {
    const source = await sourceOf(onlyArgument(positionals, 'what to test: a file or name@version'));
    const tests =
      source.kind === 'file' && values.stored !== true
        ? testAlone(parsedAlone(source))
        : await withService(io, async (ctx) => testStored(ctx.db, await strategyOf(ctx, source)));
    const shown = values.json === true ? JSON.stringify(tests, null, 2) : testText(source.label, tests);
    io.stdout.write(`${shown}\n`);
    return tests.failed === 0 && tests.unchecked.length === 0 ? 0 : 1;
  },
});

function testText(label: string, { results, failed, unchecked }: OwnTests): string {
  if (unchecked.length > 0) {
    return printable(`${label}: its tests need --stored, to look up ${unchecked.join(', ')}.`);
  }
  if (results.length === 0) return printable(`${label}: there are no tests beside it. Add some as "tests".`);
  const lines = results.flatMap(({ name, passed, why, trace }) =>
    passed
      ? [`ok    ${name}`]
      : [`FAIL  ${name}: ${why ?? ''}`, ...(trace ?? '').split('\n').map((line) => `        ${line}`)],
  );
  const summary = failed === 0 ? 'all passed' : `${failed} failed`;
  return [...lines, '', `${label}: ${plural(results.length, 'test')}, ${summary}`].map(printable).join('\n');
}
