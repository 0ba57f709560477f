import { keepScores } from '../flows/keep-scores.js';
import { type CommandIo, UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { learn, learningOf, learningOptions, timeOf } from './learn.js';
import { countRecipients, wipeCount, withService } from './with-service.js';

const help = `postulate strategies learn NAME: lets a strategy learn from what recipients did, and keeps what it learned.

NAME is the newest version of that name, or name@number. What it learns is a model. The first model of a version is promoted, a
later one if it does better than the one in use on the same hold-out; an experiment pins the model in use at its start. It says
how good the model is on what was held out (95 % interval), beside the best baseline of its report, and what to know before it is
trusted. The same events, clock, seed and snapshot give the same. Ended by Ctrl-C it has changed nothing.

postulate strategies score NAME: scores all recipients by the model in use, and keeps the score as the trait score_NAME, which
rules can ask for. Interrupted, the same command goes on where it was.

  --clock TIME      nothing at it or later is learned from (now), or looked at by a score (midnight in UTC)
  --seed TEXT       what chance begins with, for kinds that use any
  --catalogue HASH  snapshot of the catalogue (the newest)

Exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
`;

export const strategies = defineCommand({
  name: 'strategies',
  summary: 'let a strategy learn, or score all recipients by what it learned',
  help,
  options: learningOptions,
  async run({ values, positionals }, io) {
    const [verb, name, ...more] = positionals;
    if ((verb !== 'learn' && verb !== 'score') || name === undefined || more.length > 0) {
      throw new UsageError('Say what to do, and which strategy: learn NAME, or score NAME.');
    }
    if (verb === 'score') return score(io, name, values.clock);
    await learn(io, name, learningOf(values));
    return 0;
  },
});

async function score(io: CommandIo, name: string, clock: string | undefined): Promise<number> {
  const count = countRecipients(io);
  const kept = await withService(io, (ctx) =>
    keepScores(ctx, name, {
      ...(clock !== undefined && { clock: new Date(timeOf(clock)) }),
      onProgress: (recipients) => count(name, recipients),
    }),
  );
  wipeCount(io);
  const { scored, before, tooLong, leftOut, recipients, model } = kept;
  const others = [
    ...(before > 0 ? [`${before} had it already`] : []),
    ...(tooLong > 0 ? [`${tooLong} have a history too long to be read whole`] : []),
    ...leftOut.map((one) => `${one.recipients} are not spoken about (${one.reason})`),
  ];
  io.stdout.write(
    `${scored} of ${recipients} recipients scored by ${model} as of ${kept.clock}${others.length > 0 ? `; ${others.join('; ')}` : ''}\n`,
  );
  return 0;
}
