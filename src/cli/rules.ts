import { didYouMean } from '../files/closest-name.js';
import { type Command, UsageError } from './command.js';
import { rulesActivate, rulesRetire, rulesRollback } from './rules-activation.js';
import { rulesDiff } from './rules-diff.js';
import { rulesLint } from './rules-lint.js';
import { rulesList } from './rules-list.js';
import { rulesRegister } from './rules-register.js';
import { rulesShow } from './rules-show.js';
import { rulesTest } from './rules-test.js';

/** A new one is a file and a line here. */
const subcommands: readonly Command[] = [
  rulesLint,
  rulesTest,
  rulesShow,
  rulesDiff,
  rulesRegister,
  rulesList,
  rulesActivate,
  rulesRollback,
  rulesRetire,
];

const width = Math.max(...subcommands.map(({ name }) => name.length));

const help = `postulate rules: keeps rules and other strategies right.

${subcommands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

A strategy is named by a FILE in YAML or JSON, by name@version, or by a name alone: the active version, or the newest where
none is. With a file the database is only opened when an option asks for it.

postulate rules COMMAND --help says more.
`;

export const rules: Command = {
  name: 'rules',
  summary: 'lint, test, compare and activate strategies',
  help,
  async run(args, io) {
    const [name, ...rest] = args;
    if (name === undefined)
      throw new UsageError(
        'Say what to do with the rules: lint, test, show, diff, register, list, activate, rollback or retire.',
      );
    if (name === '--help' || name === '-h') {
      io.stdout.write(help);
      return 0;
    }
    const command = subcommands.find((one) => one.name === name);
    if (!command) {
      const known = subcommands.map((one) => one.name);
      throw new UsageError(`There is no command "rules ${name}".${didYouMean(name, known)}`);
    }
    return command.run(rest, io);
  },
};
