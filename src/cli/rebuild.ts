import { rebuild as rebuildFacts } from '../flows/rebuild.js';
import { defineCommand } from './define-command.js';
import { countRecipients, takesNothing, wipeCount, withService } from './with-service.js';

const help = `postulate rebuild: makes facts and cells again from the events, and reports any difference.

There is none unless somebody changed the database by hand. Whatever is different is put right. One transaction per
experiment: interrupted, it leaves everything as it was and can be started again. DATABASE_URL or POSTULATE_DATA_DIR say
which database.

Exit code: 0 no difference, 1 differences found and put right.
`;

export const rebuild = defineCommand({
  name: 'rebuild',
  summary: 'make facts and cells again from events, and report differences',
  help,
  options: {},
  async run({ positionals }, io) {
    takesNothing(positionals);
    const results = await withService(io, (ctx) => rebuildFacts(ctx, countRecipients(io)));
    wipeCount(io);
    for (const result of results) {
      const found =
        result.differenceCount === 0 ? 'no difference' : `${result.differenceCount} differences put right`;
      io.stdout.write(
        `${result.experiment}: ${result.recipients} recipients, ${result.cells} cells, ${found}\n`,
      );
      for (const difference of result.differences) io.stdout.write(`  ${difference}\n`);
    }
    return results.some((result) => result.differenceCount > 0) ? 1 : 0;
  },
});
