import { createApiKey, scopes } from '../flows/access.js';
import { type Command, UsageError } from './command.js';
import { readOptions } from './read-options.js';
import { withService } from './with-service.js';

const help = `postulate api-key --name NAME --scope ${scopes.join('|')} [--scope …]: makes a key for a program.

The key is printed once and cannot be had again; only its hash is kept. Keys are listed and revoked on the page /access.
`;

export const apiKey: Command = {
  name: 'api-key',
  summary: 'make an API key for a program',
  help,
  async run(args, io) {
    const { values } = readOptions(args, {
      name: { type: 'string' },
      scope: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    });
    if (values.help) {
      io.stdout.write(help);
      return 0;
    }
    if (values.name === undefined) throw new UsageError('Name the program that the key is for: --name NAME.');
    if (!values.scope) throw new UsageError(`Say what it may do: --scope ${scopes.join('|')}.`);
    const { name, scope } = values;
    const { token } = await withService(io, (ctx) => createApiKey(ctx, { name, scopes: scope }));
    io.stdout.write(`${token}\n`);
    return 0;
  },
};
