import { badInput } from '../errors.js';
import {
  findNeighbours,
  findSimilarItems,
  mostNeighbours,
  type NeighboursFound,
  type SimilarFound,
} from '../flows/find-neighbours.js';
import { makeLists } from '../flows/make-lists.js';
import { textTable } from '../reports/text-table.js';
import { type CommandIo, UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { wipeCount, withService } from './with-service.js';

const help = `postulate cf: what collaborative filtering knows, and lists for senders to pull.

  postulate cf neighbours RECIPIENT   recipients of a similar taste; RECIPIENT is your own id
  postulate cf similar ITEM           items that are liked by those who like this one
  postulate cf lists NAME             makes the list of every recipient with a history; goes on where it was interrupted

  --model NAME  the strategy, where there are several
  --most COUNT  how many, up to ${mostNeighbours} (10)
  --items       names the items that neighbours share, instead of counting them
  --again       lists: from the first recipient
  --json        as JSON

Exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
`;

const options = {
  model: { type: 'string' },
  most: { type: 'string' },
  items: { type: 'boolean' },
  again: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

interface Values {
  readonly model?: string | undefined;
  readonly most?: string | undefined;
  readonly items?: boolean | undefined;
  readonly again?: boolean | undefined;
  readonly json?: boolean | undefined;
}

export const cf = defineCommand({
  name: 'cf',
  summary: 'neighbours, similar items and lists of collaborative filtering',
  help,
  options,
  async run({ values, positionals }, io) {
    const [verb, subject, ...more] = positionals;
    const work =
      verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb as keyof typeof verbs] : undefined;
    if (!work || subject === undefined || more.length > 0)
      throw new UsageError('Say what to do: neighbours RECIPIENT, similar ITEM or lists NAME.');
    const { json, lines } = await work(io, subject, values);
    io.stdout.write(values.json === true ? `${JSON.stringify(json, null, 2)}\n` : `${lines.join('\n')}\n`);
    return 0;
  },
});

interface Told {
  readonly json: object;
  readonly lines: readonly string[];
}

const verbs = {
  neighbours: async (io: CommandIo, recipient: string, values: Values): Promise<Told> => {
    const asked = askedOf(values);
    const found = await withService(io, (ctx) => findNeighbours(ctx, recipient, asked));
    return { json: found, lines: neighbourLines(found, values.items === true) };
  },
  similar: async (io: CommandIo, item: string, values: Values): Promise<Told> => {
    const asked = askedOf(values);
    const found = await withService(io, (ctx) => findSimilarItems(ctx, item, asked));
    return { json: found, lines: similarLines(found) };
  },
  lists: async (io: CommandIo, name: string, { again = false }: Values): Promise<Told> => {
    const onProgress = (lookedAt: number, recipients: number): void => {
      io.signal.throwIfAborted();
      if (io.stderr.isTTY === true)
        io.stderr.write(
          `\r\x1b[2K${lookedAt.toLocaleString('en')} of ${recipients.toLocaleString('en')} recipients`,
        );
    };
    const made = await withService(io, (ctx) => makeLists(ctx, name, { again, onProgress }));
    wipeCount(io);
    const { lists, recipients, model, clock, removed, resumed } = made;
    const taken = resumed ? ', taken up where an earlier run was interrupted' : '';
    return {
      json: made,
      lines: [
        `${made.name}: ${lists} lists of ${recipients} recipients by model ${model}, as of ${clock}${taken}`,
        ...(removed > 0 ? [`${removed} older lists removed`] : []),
      ],
    };
  },
} as const;

function askedOf({ model, most = '10' }: Values): { name?: string; most: number } {
  const count = Number(most);
  if (!Number.isInteger(count) || count < 1 || count > mostNeighbours)
    throw badInput('invalid_most', `--most is a whole number from 1 to ${mostNeighbours}, not "${most}".`);
  return { most: count, ...(model !== undefined && { name: model }) };
}

function neighbourLines(found: NeighboursFound, namesItems: boolean): string[] {
  const { recipient, model, learnedUntil, items, neighbours } = found;
  const head = `${recipient}: ${items.length} item${items.length === 1 ? '' : 's'} known; by ${model}, which learned until ${learnedUntil}`;
  if (neighbours.length === 0) return [head, 'Nobody of a similar taste.'];
  const table = textTable(
    [
      { title: 'Recipient', align: 'left', most: 48 },
      { title: 'Similarity', align: 'right' },
      { title: 'Shared', align: namesItems ? 'left' : 'right', most: 60 },
    ],
    neighbours.map((one) => [
      one.recipient ?? one.recipientKey,
      one.similarity.toFixed(4),
      namesItems ? one.shared.join(', ') : String(one.shared.length),
    ]),
  );
  return [head, '', ...table];
}

function similarLines({ item, model, method, similar }: SimilarFound): string[] {
  const head = `${item}: by ${model} (${method})`;
  if (similar.length === 0) return [head, 'Nothing that goes with it.'];
  const columns = [
    { title: 'Item', align: 'left', most: 60 },
    { title: 'Similarity', align: 'right' },
    { title: 'Recipients of both', align: 'right' },
  ] as const;
  const rows = similar.map(({ id, similarity, shared }) => [id, similarity.toFixed(4), String(shared)]);
  return [head, '', ...textTable([...columns], rows)];
}
