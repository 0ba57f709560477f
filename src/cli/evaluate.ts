import { didYouMean } from '../files/closest-name.js';
import { type Command, UsageError } from './command.js';

/** One thing that can be evaluated on a file; its name is a line below. */
export type Evaluation = Omit<Command, 'name'>;

/** Loaded when asked for. A new one is a file and a line here. */
const evaluations: Readonly<Record<string, () => Promise<Evaluation>>> = {
  propensity: async () => (await import('./evaluate-propensity.js')).evaluatePropensityOf,
  orders: async () => (await import('./evaluate-orders.js')).evaluateOrdersOf,
  policy: async () => (await import('./evaluate-policy.js')).evaluatePolicyCommand,
  uplift: async () => (await import('./evaluate-uplift.js')).evaluateUpliftCommand,
  recommenders: async () => (await import('./evaluate-recommenders.js')).recommendersEvaluation,
};

const help = `postulate evaluate WHAT FILE: how well a way of predicting does on a file, with the protocol printed.

Needs no service and no database. postulate evaluate WHAT --help says what it takes.
`;

export const evaluate: Command = {
  name: 'evaluate',
  summary: 'measure recommenders, models and policies on a file',
  help,
  async run([what, ...rest], io) {
    if (what === undefined || what === '--help' || what === '-h') {
      io.stdout.write(`${help}\n${await list()}`);
      return what === undefined ? 2 : 0;
    }
    const load = Object.hasOwn(evaluations, what) ? evaluations[what] : undefined;
    if (!load) {
      throw new UsageError(
        `There is nothing called "${what}" to evaluate.${didYouMean(what, Object.keys(evaluations))}`,
      );
    }
    const evaluation = await load();
    if (rest.includes('--help') || rest.includes('-h')) {
      io.stdout.write(evaluation.help);
      return 0;
    }
    return evaluation.run(rest, io);
  },
};

async function list(): Promise<string> {
  const lines = Object.entries(evaluations).map(
    async ([name, load]) => `  ${name.padEnd(14)}${(await load()).summary}\n`,
  );
  return (await Promise.all(lines)).join('');
}
