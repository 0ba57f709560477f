import { listSnapshots, takeSnapshot } from '../flows/take-snapshot.js';
import { UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { withService } from './with-service.js';

const help = `postulate catalogue snapshot|list: keeps the catalogue as it is now, or lists what was kept.

Strategies choose from a snapshot, which never changes: an experiment pins the newest at its start. The same catalogue again
is the snapshot that is there already.

Exit code: 0 done, 1 failed, 2 wrong usage.
`;

export const catalogue = defineCommand({
  name: 'catalogue',
  summary: 'keep a snapshot of the catalogue, or list them',
  help,
  options: {},
  async run({ positionals }, io) {
    const [verb, ...more] = positionals;
    if ((verb !== 'snapshot' && verb !== 'list') || more.length > 0) {
      throw new UsageError('Say what to do: snapshot or list.');
    }
    if (verb === 'list') {
      const snapshots = await withService(io, (ctx) => listSnapshots(ctx));
      if (snapshots.length === 0) io.stdout.write('There is no snapshot yet.\n');
      for (const { hash, size, createdAt } of snapshots)
        io.stdout.write(`${hash}  ${createdAt}  ${size} items\n`);
      return 0;
    }
    const { hash, size, withoutPrice, withoutCategory, outOfStock } = await withService(io, (ctx) =>
      takeSnapshot(ctx),
    );
    io.stdout.write(
      `${hash}\n${size} items; ${withoutPrice} without a price, ${withoutCategory} without a category, ${outOfStock} out of stock\n`,
    );
    return 0;
  },
});
