import { createSignInLink, roles } from '../flows/sign-in.js';
import { UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { withService } from './with-service.js';

const help = `postulate sign-in-link [--role admin|analyst|sender] [--name NAME]: a link that signs one person in, once, within 24 hours.
`;

export const signInLink = defineCommand({
  name: 'sign-in-link',
  summary: 'make a link that signs one person in',
  help,
  options: {
    role: { type: 'string', default: 'admin' },
    name: { type: 'string', default: 'Operator' },
  },
  async run({ values }, io) {
    const role = roles.find((known) => known === values.role);
    if (!role) throw new UsageError(`There is no role "${values.role}"; the roles are ${roles.join(', ')}.`);
    const url = await withService(io, async (ctx, config) => {
      const { token } = await createSignInLink(ctx, { name: values.name, role });
      return `${config.publicUrl}/sign-in?token=${token}`;
    });
    io.stdout.write(`${url}\n`);
    return 0;
  },
});
