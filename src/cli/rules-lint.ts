import { lintAlone, lintStrategy, type Lint } from '../flows/lint-strategy.js';
import { wrap } from '../reports/text-table.js';
import type { CommandIo } from './command.js';
import { defineCommand } from './define-command.js';
import {
  onlyArgument,
  parsedAlone,
  recipientsOf,
  type Source,
  sourceOf,
  strategyOf,
  usualRecipients,
} from './rules-source.js';
import { countRecipients, wipeCount, withService } from './with-service.js';

const help = `postulate rules lint FILE|NAME@VERSION: what is wrong with a strategy.

Errors: two rules of the same standing that match one recipient and set a slot to different values, rules that can match
nobody, contents and segments that there are not, tests that fail. Warnings: rules that never win, gaps between bounds, a
review that is late, no owner, no purpose. Recipients are made up from the bounds of the conditions.

  --stored             look up contents and segments, and look at stored recipients too (always so of NAME@VERSION)
  --recipients NUMBER  so many stored recipients at most (${usualRecipients})
  --json               the same as JSON

Exit code: 0 no error, 1 an error or the strategy could not be read, 2 wrong usage.
`;

const options = {
  stored: { type: 'boolean' },
  recipients: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const rulesLint = defineCommand({
  name: 'lint',
  summary: 'say what is wrong with a strategy',
  help,
  options,
  async run({ values, positionals }, io) {
    const most = recipientsOf(values.recipients);
    const source = await sourceOf(onlyArgument(positionals, 'what to lint: a file or name@version'));
    const lint =
      source.kind === 'file' && values.stored !== true && most === undefined
        ? lintAlone(parsedAlone(source), io.now())
        : await lintHere(io, source, most ?? usualRecipients);
    io.stdout.write(
      values.json === true
        ? `${JSON.stringify(lint, null, 2)}\n`
        : `${lintText(source.label, lint).join('\n')}\n`,
    );
    return lint.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
});

async function lintHere(io: CommandIo, source: Source, most: number): Promise<Lint> {
  const count = countRecipients(io);
  try {
    return await withService(io, async (ctx) => {
      const strategy = await strategyOf(ctx, source);
      return lintStrategy(ctx.db, strategy, ctx.clock(), most, (seen) => count(source.label, seen));
    });
  } finally {
    wipeCount(io);
  }
}

const width = 100;

function lintText(label: string, { findings, unchecked, madeUp, stored, tests }: Lint): string[] {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const basis = [
    ...(madeUp > 0 ? [`${plural(madeUp, 'recipient')} made up`] : []),
    ...(stored > 0 ? [`${plural(stored, 'recipient')} stored`] : []),
    ...(tests.length > 0 ? [`${plural(tests.length, 'test')} run`] : []),
  ];
  return [
    `${label}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}${basis.length > 0 ? ` (${basis.join(', ')})` : ''}`,
    ...findings.flatMap(({ severity, code, message, witness }) => [
      '',
      `${severity} ${code}`,
      ...wrap(message, width, '  '),
      ...(witness ? wrap(`For example: ${witness.text}.`, width, '  ') : []),
      ...(witness?.recipientKey === undefined
        ? []
        : [`  That is the stored recipient ${witness.recipientKey}.`]),
    ]),
    ...(unchecked.length > 0
      ? ['', ...wrap(`Not checked without --stored: ${unchecked.join(', ')}.`, width)]
      : []),
  ];
}

export function plural(n: number, word: string): string {
  return `${n.toLocaleString('en-US')} ${word}${n === 1 ? '' : 's'}`;
}
