import type { Command, CommandIo } from './command.js';
import { type Given, type Options, readOptions } from './read-options.js';

interface Definition<T extends Options> extends Pick<Command, 'name' | 'summary' | 'help'> {
  readonly options: T;
  /** Gives the exit code. Throws UsageError when called wrongly. */
  run(given: Given<T>, io: CommandIo): Promise<number>;
}

/**
 * A command that takes options: they are read and `--help` is answered before it runs. Whatever else stands beside `--help` is
 * not looked at, but a mistyped option is an error there too.
 */
export function defineCommand<const T extends Options>(definition: Definition<T>): Command {
  const { name, summary, help, options } = definition;
  return {
    ...{ name, summary, help },
    async run(args, io) {
      const given = readOptions(args, { ...options, help: { type: 'boolean', short: 'h' } });
      if ((given.values as { readonly help?: boolean }).help === true) {
        io.stdout.write(help);
        return 0;
      }
      return definition.run(given as unknown as Given<T>, io);
    },
  };
}
