import { createApiKey, scopes } from '../flows/access.js';
import { UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { withService } from './with-service.js';

const help = `postulate api-key --name NAME --scope ${scopes.join('|')} [--scope …]: makes a key for a program.

The key is printed once and cannot be had again; only its hash is kept. Keys are listed and revoked on the page /access.
`;

export const apiKey = defineCommand({
  name: 'api-key',
  summary: 'make an API key for a program',
  help,
  options: {
    name: { type: 'string' },
    scope: { type: 'string', multiple: true },
  },
  async run({ values }, io) {
    if (values.name === undefined) throw new UsageError('Name the program that the key is for: --name NAME.');
    if (!values.scope) throw new UsageError(`Say what it may do: --scope ${scopes.join('|')}.`);
    const { name, scope } = values;
    const { token } = await withService(io, (ctx) => createApiKey(ctx, { name, scopes: scope }));
    io.stdout.write(`${token}\n`);
    return 0;
  },
});
