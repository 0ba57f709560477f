import { createSignInLink, roles } from '../flows/sign-in.js';
import { type Command, UsageError } from './command.js';
import { readOptions } from './read-options.js';
import { withService } from './with-service.js';

const help = `postulate sign-in-link [--role admin|analyst|sender] [--name NAME]: a link that signs one person in, once, within 24 hours.
`;

export const signInLink: Command = {
  name: 'sign-in-link',
  summary: 'make a link that signs one person in',
  help,
  async run(args, io) {
    const { values } = readOptions(args, {
      role: { type: 'string', default: 'admin' },
      name: { type: 'string', default: 'Operator' },
      help: { type: 'boolean', short: 'h' },
    });
    if (values.help) {
      io.stdout.write(help);
      return 0;
    }
    const role = roles.find((known) => known === values.role);
    if (!role) throw new UsageError(`There is no role "${values.role}"; the roles are ${roles.join(', ')}.`);
    const url = await withService(io, async (ctx, config) => {
      const { token } = await createSignInLink(ctx, { name: values.name, role });
      return `${config.publicUrl}/sign-in?token=${token}`;
    });
    io.stdout.write(`${url}\n`);
    return 0;
  },
};
