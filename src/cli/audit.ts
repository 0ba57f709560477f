import { audit as auditArms } from '../flows/audit.js';
import { defineCommand } from './define-command.js';
import { countRecipients, takesNothing, wipeCount, withService } from './with-service.js';

const help = `postulate audit: recomputes the arm and fold of every enrolled recipient from salt and id.

Prints the first enrolment that does not come out as stored, per experiment. Changes nothing.

Exit code: 0 all as stored, 1 differences found.
`;

export const audit = defineCommand({
  name: 'audit',
  summary: 'recompute every stored arm',
  help,
  options: {},
  async run({ positionals }, io) {
    takesNothing(positionals);
    const results = await withService(io, (ctx) => auditArms(ctx, countRecipients(io)));
    wipeCount(io);
    for (const { experiment, recipients, withoutIdentity, differenceCount, firstDifference } of results) {
      const unknown = withoutIdentity === 0 ? '' : `, ${withoutIdentity} without identity`;
      const found = differenceCount === 0 ? 'all as drawn' : `${differenceCount} NOT as drawn`;
      io.stdout.write(`${experiment}: ${recipients} recipients${unknown}, ${found}\n`);
      if (firstDifference !== undefined) io.stdout.write(`  first: ${firstDifference}\n`);
    }
    return results.some((result) => result.differenceCount > 0) ? 1 : 0;
  },
});
