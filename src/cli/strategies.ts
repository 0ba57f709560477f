import { badInput } from '../errors.js';
import { learnStrategy } from '../flows/learn-strategy.js';
import { type Command, type CommandIo, UsageError } from './command.js';
import { readOptions } from './read-options.js';
import { countRecipients, wipeCount, withService } from './with-service.js';

const help = `postulate strategies learn NAME: lets a strategy learn from what recipients did, and keeps what it learned.

NAME is the newest version of that name, or name@number. An experiment pins what was learned at its start. The same events,
clock, seed and snapshot give the same.

  --clock TIME      nothing that happened at it or later is learned from (now)
  --seed TEXT       what chance begins with, for kinds that use any
  --catalogue HASH  snapshot of the catalogue (the newest)

Exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
`;

const options = {
  clock: { type: 'string' },
  seed: { type: 'string' },
  catalogue: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const strategies: Command = {
  name: 'strategies',
  summary: 'let a strategy learn',
  help,
  async run(args, io) {
    const { values, positionals } = readOptions(args, options);
    if (values.help === true) {
      io.stdout.write(help);
      return 0;
    }
    const [verb, name, ...more] = positionals;
    if (verb !== 'learn' || name === undefined || more.length > 0) {
      throw new UsageError('Say what to do, and which strategy: learn NAME.');
    }
    const { clock, seed, catalogue } = values;
    await learn(io, name, {
      ...(clock !== undefined && { clock: timeOf(clock) }),
      ...(seed !== undefined && { seed }),
      ...(catalogue !== undefined && { catalogue }),
    });
    return 0;
  },
};

async function learn(io: CommandIo, name: string, given: Parameters<typeof learnStrategy>[2]): Promise<void> {
  const count = countRecipients(io);
  const learned = await withService(io, (ctx) =>
    learnStrategy(ctx, name, given, (recipients) => count(name, recipients)),
  );
  wipeCount(io);
  const { recipients, events, sampled } = learned.source;
  if (sampled)
    io.stderr.write(
      'There were more events than memory holds: it learned from some recipients, drawn by chance.\n',
    );
  io.stdout.write(
    `${learned.of} learned from ${events} events of ${recipients} recipients before ${learned.clock}\nmodel ${learned.name}/${learned.number}, ${learned.hash}\n`,
  );
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime())) {
    throw badInput('invalid_clock', `--clock is a time such as 2026-03-01T09:00:00Z, not "${text}".`);
  }
  return time;
}
