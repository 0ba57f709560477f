import { replay as replayDecisions } from '../flows/replay.js';
import { UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { countRecipients, wipeCount, withService } from './with-service.js';

const help = `postulate replay KEY: makes every decision of an experiment again, and prints any difference.

Each is made from what the ledger kept of its inputs and from the manifest of its arm: strategy, what it had learned, snapshot
of the catalogue, filter. There is no difference unless somebody changed the database by hand, or a strategy is not what
it should be: a function of its inputs. Changes nothing; can be interrupted.

Exit code: 0 no difference, 1 differences found, 2 wrong usage, 130 interrupted.
`;

export const replay = defineCommand({
  name: 'replay',
  summary: 'make the decisions of an experiment again, and compare',
  help,
  options: {},
  async run({ positionals }, io) {
    const [key, ...more] = positionals;
    if (key === undefined || more.length > 0) throw new UsageError('Say which experiment, by its key.');
    const result = await withService(io, (ctx) => replayDecisions(ctx, key, countRecipients(io)));
    wipeCount(io);
    const { decisions, withoutInputs, differenceCount } = result;
    const unknown = withoutInputs === 0 ? '' : `, ${withoutInputs} from before the ledger`;
    const found = differenceCount === 0 ? 'no difference' : `${differenceCount} DIFFERENT`;
    io.stdout.write(`${key}: ${decisions} decisions made again${unknown}, ${found}\n`);
    for (const difference of result.differences) io.stdout.write(`  ${difference}\n`);
    return differenceCount > 0 ? 1 : 0;
  },
});
