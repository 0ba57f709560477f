import { registerStrategy } from '../flows/register-strategy.js';
import { UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { onlyArgument, sourceOf } from './rules-source.js';
import { withService } from './with-service.js';

const help = `postulate rules register FILE --name NAME: keeps a strategy as the next version of its name.

It is a draft until it is activated. The same content again is the version that is there already. What lint calls an error is
refused, and nothing is kept.

  --name NAME  what it is called: a-z, 0-9, dot, - and _
  --json       the version as JSON

Exit code: 0 done, 1 it has mistakes, 2 wrong usage.
`;

const options = {
  name: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const rulesRegister = defineCommand({
  name: 'register',
  summary: 'keep a file as the next version of a name',
  help,
  options,
  async run({ values, positionals }, io) {
    const { name } = values;
    const source = await sourceOf(onlyArgument(positionals, 'a file'));
    if (source.kind === 'stored') throw new UsageError(`There is no file "${source.label}".`);
    if (name === undefined) throw new UsageError('Say what it is called: --name offers, for example.');
    const { definition } = source;
    const version = await withService(io, (ctx) => registerStrategy(ctx, { name, definition }));
    const text = `${version.name}@${version.version}\n${version.hash}`;
    io.stdout.write(`${values.json === true ? JSON.stringify(version, null, 2) : text}\n`);
    return 0;
  },
});
