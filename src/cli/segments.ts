import { once } from 'node:events';
import { type KnownSegment, listMembers, listSegments } from '../flows/find-segments.js';
import { rebuildSegments } from '../flows/rebuild-segments.js';
import { textTable } from '../reports/text-table.js';
import { type CommandIo, UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { countRecipients, wipeCount, withService } from './with-service.js';

const help = `postulate segments: live audiences, their sizes and their members.

  postulate segments list              every segment with its size and how far behind the size is
  postulate segments members NAME      who is in it, one JSON object a line: personal data
  postulate segments rebuild [NAME]    judge everybody anew, for one segment or for all, and say what was different

  --json   list as JSON

Sizes and lists are brought up to date by the service every few seconds, and need no rebuilding: it is there to check that.
Decisions never wait for them; they look at the condition itself.

Exit code: 0 done, 1 failed, 2 wrong usage.
`;

const options = { json: { type: 'boolean' } } as const;

export const segments = defineCommand({
  name: 'segments',
  summary: 'list segments, their members, or judge everybody anew',
  help,
  options,
  async run({ values, positionals }, io) {
    const [verb, name, ...more] = positionals;
    if (more.length > 0) throw new UsageError('One segment at a time.');
    if (verb === 'list' && name === undefined) await list(io, values.json === true);
    else if (verb === 'members' && name !== undefined) await members(io, name);
    else if (verb === 'rebuild') await rebuild(io, name);
    else throw new UsageError('Say what to do: list, members NAME, or rebuild [NAME].');
    return 0;
  },
});

async function list(io: CommandIo, asJson: boolean): Promise<void> {
  const found = await withService(io, (ctx) => listSegments(ctx));
  if (asJson) return void io.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  if (found.length === 0) return void io.stdout.write('There is no segment yet.\n');
  const lines = textTable(
    [
      { title: 'Segment', align: 'left', most: 50 },
      { title: 'Members', align: 'right' },
      { title: 'Behind', align: 'right' },
      { title: 'Who is in it', align: 'left', most: 80 },
    ],
    found.map(rowOf),
  );
  io.stdout.write(`${lines.join('\n')}\n`);
}

function rowOf({ name, version, size, words }: KnownSegment): string[] {
  const counted = size ? [size.members.toLocaleString('en'), `${size.lagSeconds} s`] : ['–', 'not counted'];
  return [`${name}@${version}`, ...counted, words];
}

async function members(io: CommandIo, name: string): Promise<void> {
  await withService(io, async (ctx) => {
    for await (const rows of listMembers(ctx, name)) {
      io.signal.throwIfAborted();
      const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
      if (!io.stdout.write(text)) await once(io.stdout, 'drain');
    }
  });
}

async function rebuild(io: CommandIo, name: string | undefined): Promise<void> {
  const count = countRecipients(io);
  const found = await withService(io, (ctx) =>
    rebuildSegments(ctx, name, (recipients) => count('Segments', recipients)),
  );
  wipeCount(io);
  for (const one of found) {
    const { name, members, added, removed } = one;
    const difference = added + removed === 0 ? 'as before' : `${added} came in, ${removed} went out`;
    io.stdout.write(`${name}: ${members} members, ${difference}\n`);
  }
  if (found.length === 0) io.stdout.write('There is no segment yet.\n');
}
