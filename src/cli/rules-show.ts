import { showStrategy } from '../flows/find-strategy.js';
import { printable } from '../reports/text-table.js';
import { defineCommand } from './define-command.js';
import { onlyArgument, parsedAlone, sourceOf, strategyOf } from './rules-source.js';
import { withService } from './with-service.js';

const help = `postulate rules show FILE|NAME@VERSION: a strategy as a tree, in the order in which rules win.

  --json  its definition in its one form, as it is stored and hashed

Exit code: 0 done, 1 the strategy could not be read, 2 wrong usage.
`;

const options = { json: { type: 'boolean' } } as const;

export const rulesShow = defineCommand({
  name: 'show',
  summary: 'print a strategy as a tree',
  help,
  options,
  async run({ values, positionals }, io) {
    const source = await sourceOf(onlyArgument(positionals, 'what to show: a file or name@version'));
    const strategy =
      source.kind === 'file' ? parsedAlone(source) : await withService(io, (ctx) => strategyOf(ctx, source));
    const shown =
      values.json === true
        ? JSON.stringify(strategy.definition, null, 2)
        : showStrategy(strategy).split('\n').map(printable).join('\n');
    io.stdout.write(`${shown}\n`);
    return 0;
  },
});
