import { type ActivationChange, changeActivation } from '../flows/change-activation.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { onlyArgument } from './rules-source.js';
import { withService } from './with-service.js';

const common = `
  --note TEXT  why; it stands in the record
  --by NAME    who did it, as the record shows it (the user of this computer)

Experiments that run are pinned to their version and go on as they are. Nothing in the record is ever changed.

Exit code: 0 done, 1 it could not be done, 2 wrong usage.
`;

const options = {
  to: { type: 'string' },
  note: { type: 'string' },
  by: { type: 'string' },
} as const;

export const rulesActivate: Command = change(
  'activate',
  'make a version the one to use',
  `postulate rules activate NAME@VERSION: makes a version the one to use.\n${common}`,
);

export const rulesRollback: Command = change(
  'rollback',
  'go back to the version that was active before',
  `postulate rules rollback NAME: goes back to the version that was active before.

  --to VERSION  to that one, which was active once
${common.slice(1)}`,
);

export const rulesRetire: Command = change(
  'retire',
  'take a strategy out of use',
  `postulate rules retire NAME: no version is the one to use from now on.\n${common}`,
);

function change(name: ActivationChange, summary: string, help: string): Command {
  return defineCommand({
    ...{ name, summary, help, options },
    async run({ values, positionals }, io) {
      const what = name === 'activate' ? 'the version: name@version' : 'the strategy';
      const [strategy, version] = referenceOf(name, onlyArgument(positionals, what), values.to);
      const body = {
        ...(version !== undefined && { version }),
        ...(values.note !== undefined && { note: values.note }),
      };
      const by = values.by ?? userOf(io);
      const answer = await withService(io, (ctx) => changeActivation(ctx, name, strategy, body, by));
      const now = answer.active === null ? 'no version is active' : `version ${answer.active} is active`;
      io.stdout.write(`${strategy}: ${now}${answer.changed ? '' : ', as before'}\n`);
      return 0;
    },
  });
}

function referenceOf(
  change: ActivationChange,
  argument: string,
  to: string | undefined,
): readonly [string, number | undefined] {
  const [, name = argument, number] = /^(.*)@([1-9]\d{0,8})$/.exec(argument) ?? [];
  if (change === 'activate') {
    if (to !== undefined) throw new UsageError('Only a rollback takes --to.');
    if (number === undefined) throw new UsageError(`Say which version: ${name}@1, for example.`);
    return [name, Number(number)];
  }
  if (number !== undefined) {
    const instead =
      change === 'rollback' ? `Give the version with --to ${number}.` : 'Leave the version out.';
    throw new UsageError(
      `A ${change === 'rollback' ? 'rollback' : 'retirement'} is of a whole name. ${instead}`,
    );
  }
  if (change === 'retire' && to !== undefined) throw new UsageError('Only a rollback takes --to.');
  if (to !== undefined && !/^[1-9]\d{0,8}$/.test(to)) {
    throw new UsageError(`--to is the number of a version, not "${to}".`);
  }
  return [name, to === undefined ? undefined : Number(to)];
}

function userOf({ env }: CommandIo): string {
  const user = env['USER'] ?? env['USERNAME'] ?? '';
  return user === '' ? 'command line' : `${user} (command line)`;
}
