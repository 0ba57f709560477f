import { listStrategyNames, type StrategyName } from '../flows/list-strategy-names.js';
import { textTable } from '../reports/text-table.js';
import { UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { withService } from './with-service.js';

const help = `postulate rules list: every strategy with its status, who looks after it and who uses it.

  --overdue  only those whose review is late
  --json     the same as JSON

Exit code: 0 done, 1 failed, 2 wrong usage.
`;

const options = {
  overdue: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export const rulesList = defineCommand({
  name: 'list',
  summary: 'list strategies with status, owner, review and users',
  help,
  options,
  async run({ values, positionals }, io) {
    if (positionals.length > 0) throw new UsageError('This command takes options only.');
    const all = await withService(io, listStrategyNames);
    const shown = all.filter(({ overdueDays }) => values.overdue !== true || overdueDays !== undefined);
    const text = values.json === true ? JSON.stringify(shown, null, 2) : listText(shown).join('\n');
    io.stdout.write(`${text}\n`);
    return 0;
  },
});

function listText(names: readonly StrategyName[]): string[] {
  if (names.length === 0) return ['None.'];
  const left = (title: string) => ({ title, align: 'left' }) as const;
  const columns = ['Strategy', 'Kind', 'Status', 'Version', 'Owner', 'Review', 'Used by'].map(left);
  return textTable(
    columns,
    names.map(({ name, kind, status, version, owner, review, overdueDays, usedBy }) => [
      ...[name, kind, status, String(version), owner ?? '–'],
      `${review ?? '–'}${overdueDays === undefined ? '' : ` (${overdueDays} days late)`}`,
      usedBy.map(({ key }) => key).join(', ') || '–',
    ]),
  );
}
