import { compareStrategies, type Difference, spellDifference } from '../flows/compare-strategies.js';
import { type DefinitionDiff, diffStrategies } from '../flows/find-strategy.js';
import type { ParsedStrategy } from '../flows/read-strategy.js';
import { printable } from '../reports/text-table.js';
import { type CommandIo, UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import {
  parsedAlone,
  recipientsOf,
  type Source,
  sourceOf,
  strategyOf,
  usualRecipients,
} from './rules-source.js';
import { countRecipients, wipeCount, withService } from './with-service.js';

const help = `postulate rules diff OLD NEW: how two strategies differ, rule by rule, and for how many recipients.

OLD and NEW are each a FILE or NAME@VERSION. A dry run decides for stored recipients by both; nothing is written.

  --stored             the dry run for two files (always made where one of them is NAME@VERSION)
  --recipients NUMBER  so many stored recipients at most (${usualRecipients})
  --json               the same as JSON

Exit code: 0 done, 1 a strategy could not be read, 2 wrong usage.
`;

const options = {
  stored: { type: 'boolean' },
  recipients: { type: 'string' },
  json: { type: 'boolean' },
} as const;

interface Compared {
  readonly definitions: DefinitionDiff;
  /** Absent without a database. */
  readonly recipients?: Difference;
}

export const rulesDiff = defineCommand({
  name: 'diff',
  summary: 'say how two versions differ, and for how many recipients',
  help,
  options,
  async run({ values, positionals }, io) {
    const [old, now, ...more] = positionals;
    if (old === undefined || now === undefined || more.length > 0) {
      throw new UsageError('Name two strategies: OLD and NEW, each a file or name@version.');
    }
    const most = recipientsOf(values.recipients);
    const [before, after] = [await sourceOf(old), await sourceOf(now)];
    const alone =
      before.kind === 'file' && after.kind === 'file' && values.stored !== true && most === undefined;
    const compared = alone
      ? { definitions: diffStrategies(parsedAlone(before), parsedAlone(after)) }
      : await compareHere(io, before, after, most ?? usualRecipients);
    const shown =
      values.json === true ? JSON.stringify(plainDiff(compared), null, 2) : diffText(compared).join('\n');
    io.stdout.write(`${shown}\n`);
    return 0;
  },
});

async function compareHere(io: CommandIo, old: Source, now: Source, most: number): Promise<Compared> {
  const count = countRecipients(io);
  try {
    return await withService(io, async (ctx) => {
      const before: ParsedStrategy = await strategyOf(ctx, old);
      const after: ParsedStrategy = await strategyOf(ctx, now);
      const recipients = await compareStrategies(ctx.db, before, after, {
        ...{ clock: ctx.clock(), most, onProgress: (seen) => count('recipients', seen) },
      });
      return { definitions: diffStrategies(before, after), recipients };
    });
  } finally {
    wipeCount(io);
  }
}

/** Maps as objects. */
function plainDiff({ definitions, recipients }: Compared): object {
  const plain = (parts: DefinitionDiff['added']) =>
    parts.map(({ name, fields }) => ({ name, fields: Object.fromEntries(fields) }));
  const { added, removed, changed, same } = definitions;
  return { added: plain(added), removed: plain(removed), changed, same, ...(recipients && { recipients }) };
}

function diffText({ definitions, recipients }: Compared): string[] {
  const { added, removed, changed } = definitions;
  const whole = (sign: string, { name, fields }: DefinitionDiff['added'][number]): string[] => [
    `${sign} ${name}`,
    ...[...fields].flatMap(([field, text]) => fieldLines(sign, field, text)),
  ];
  const parts = [
    ...removed.flatMap((part) => whole('-', part)),
    ...added.flatMap((part) => whole('+', part)),
    ...changed.flatMap(({ name, fields }) => [
      `~ ${name}`,
      ...fields.flatMap(({ field, before, after }) => [
        ...(before === undefined ? [] : fieldLines('-', field, before)),
        ...(after === undefined ? [] : fieldLines('+', field, after)),
      ]),
    ]),
  ];
  return [
    ...(parts.length === 0 ? ['The definitions say the same.'] : parts),
    ...(recipients ? ['', ...recipientLines(recipients)] : []),
  ].map(printable);
}

function fieldLines(sign: string, field: string, text: string): string[] {
  const [first = '', ...rest] = text.split('\n');
  return [`  ${sign} ${field}: ${first}`, ...rest.map((line) => `  ${sign}   ${line}`)];
}

function recipientLines(difference: Difference): string[] {
  const { bySlot, moves, samples } = difference;
  const count = (n: number) => n.toLocaleString('en-US');
  return [
    `Dry run: ${spellDifference(difference)}.`,
    ...moves.map(({ from, to, changed }) => `  ${count(changed)} from ${from} to ${to}`),
    ...bySlot.map(({ slot, changed }) => `  ${count(changed)} in slot ${slot}`),
    ...samples
      .slice(0, 5)
      .map(({ recipientKey, from, to }) => `  ${recipientKey}: ${show(from.slots)} > ${show(to.slots)}`),
  ];
}

function show(slots: Readonly<Record<string, string>>): string {
  const texts = Object.entries(slots).map(([slot, text]) => `${slot} ${JSON.stringify(text.slice(0, 60))}`);
  return texts.length === 0 ? 'no content' : texts.join(', ');
}
