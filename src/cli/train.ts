import { toldToWaiter } from '../flows/learner.js';
import { type CandidatesAnswer, usualFolds } from '../flows/compare-candidates.js';
import { candidatesAsText } from './candidates-text.js';
import { type CommandIo, UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { learn, type LearningAsked, learningOf, learningOptions, tellStep } from './learn.js';
import { numberOption } from './number-option.js';
import { wipeCount, withService } from './with-service.js';

const help = `postulate train NAME: lets a strategy learn; the same as postulate strategies learn NAME.

postulate train NAME --compare: every estimator that it could learn by, side by side. Says first what there is to learn from: rows,
how many of them with the outcome, who was left out and why. Then one table: estimators and what needs no learning (base rate,
recency, frequency), cross-validated on the rows that would be learned from, a recipient with all rows in one fold. The rows that a
model is measured on have no part in it. Nothing is written.

NAME is the newest version of that name, or name@number, of a kind that predicts outcomes: propensity, churn, next_best_offer,
next_best_action, affinity. Of the kind uplift it is every learner with every estimator, and the best single column, on folds of the
trial's recipients: Qini, uplift among the first 30 %, and the difference to the column, with 95 % intervals over recipients.

  --compare         compare, and learn nothing
  --folds NUMBER    how many folds (5)
  --json            the comparison as JSON
  --clock TIME      nothing at it or later is looked at (now)
  --seed TEXT       the same seed gives the same folds and figures
  --catalogue HASH  snapshot of the catalogue (the newest)

Ended by Ctrl-C it has changed nothing. Exit code: 0 done, 1 failed or nothing to compare by, 2 wrong usage, 130 interrupted.
`;

const options = {
  ...learningOptions,
  compare: { type: 'boolean' },
  folds: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const train = defineCommand({
  name: 'train',
  summary: 'let a strategy learn, or compare what it could learn by',
  help,
  options,
  async run({ values, positionals }, io) {
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0)
      throw new UsageError('Say which strategy, one at a time: train NAME.');
    const asked = learningOf(values);
    if (values.compare !== true) {
      if (values.json === true || values.folds !== undefined)
        throw new UsageError('--folds and --json belong to --compare.');
      await learn(io, name, asked);
      return 0;
    }
    const fits = (value: number): boolean => Number.isInteger(value) && value >= 2 && value <= 50;
    const folds = numberOption('folds', values.folds, usualFolds, fits, 'a whole number from 2 to 50');
    const answer = await compare(io, name, { ...asked, folds });
    io.stdout.write(values.json === true ? `${JSON.stringify(answer, null, 2)}\n` : candidatesAsText(answer));
    return (answer.uplift ?? answer.outcomes.some(({ comparison }) => comparison)) ? 0 : 1;
  },
});

async function compare(
  io: CommandIo,
  name: string,
  asked: LearningAsked & { readonly folds: number },
): Promise<CandidatesAnswer> {
  const task = { do: 'candidates', asked: { reference: name, ...asked } } as const;
  const answer = await withService(io, (ctx) =>
    ctx.learner.run(task, tellStep(io, name), io.signal).catch((error: unknown) => {
      throw toldToWaiter(error);
    }),
  );
  wipeCount(io);
  return answer;
}
