import type { Context } from '../flows/context.js';
import { findModel, listModels, readModelId } from '../flows/find-models.js';
import { findRetraining, setRetraining } from '../flows/keep-learning.js';
import { changeModelInUse } from '../flows/promote-model.js';
import { printable, textTable } from '../reports/text-table.js';
import { type CommandIo, UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { measureAsText } from './measure-text.js';
import { withService } from './with-service.js';

const help = `postulate models: what strategies have learned, and which of it is in use.

  postulate models list [NAME]                     the newest first
  postulate models show NAME/3                     everything about one, as JSON
  postulate models promote NAME/3 --why TEXT       take it into use
  postulate models rollback NAME[/2] --why TEXT    go back to the one that was in use before, or to an earlier one
  postulate models compare NAME/3 [--with 2]       with the one in use, or another, on the same hold-out
  postulate models schedule NAME                   when it learns again by itself
  postulate models schedule NAME --every 7d [--at 03:30]    from now on so often, at this time of the day in UTC
  postulate models schedule NAME --off             no more by itself

  --json   list as JSON

Experiments that run keep the model that they started with. Who changed what and why stands in a record.

Exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
`;

const options = {
  why: { type: 'string' },
  with: { type: 'string' },
  every: { type: 'string' },
  at: { type: 'string' },
  off: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;
const by = 'command line';
const most = 1_000;

export const models = defineCommand({
  name: 'models',
  summary: 'list models, take one into use, go back, compare, learn again by itself',
  help,
  options,
  async run({ values, positionals }, io) {
    const [verb, id, ...more] = positionals;
    if (more.length > 0) throw new UsageError('One model at a time.');
    if (verb === 'list') await list(io, id, values.json === true);
    else if (verb === 'show' && id !== undefined) await show(io, id);
    else if (verb === 'promote' && id !== undefined) await change(io, 'promote', readModelId(id), values.why);
    else if (verb === 'rollback' && id !== undefined)
      await change(io, 'rollback', id.includes('/') ? readModelId(id) : { name: id }, values.why);
    else if (verb === 'compare' && id !== undefined) await compare(io, id, values.with);
    else if (verb === 'schedule' && id !== undefined) await schedule(io, id, values);
    else
      throw new UsageError(
        'Say what to do: list [NAME], show, promote, rollback or compare NAME/3, schedule NAME.',
      );
    return 0;
  },
});

async function list(io: CommandIo, name: string | undefined, asJson: boolean): Promise<void> {
  const found = await withService(io, (ctx) =>
    listModels(ctx, { limit: most, ...(name !== undefined && { name }) }),
  );
  if (asJson) return void io.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  if (found.length === 0) return void io.stdout.write('There is no model yet.\n');
  const rows = found.map(({ id, of, inUse, clock, report }) => {
    const [measure] = report?.measures ?? [];
    const shown = !measure ? 'none' : 'refused' in measure ? 'refused' : measure.value.toPrecision(4);
    return [
      id,
      of,
      inUse ? 'in use' : '',
      clock.slice(0, 16).replace('T', ' '),
      measure ? `${measure.name} ${shown}` : shown,
    ];
  });
  const left = (title: string) => ({ title, align: 'left', most: 50 }) as const;
  const lines = textTable(['Model', 'Strategy', '', 'Learned before', 'Measure'].map(left), rows);
  io.stdout.write(`${lines.join('\n')}\n`);
}

async function show(io: CommandIo, id: string): Promise<void> {
  const { name, number } = readModelId(id);
  const found = await withService(io, (ctx) => findModel(ctx, name, number));
  io.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
}

async function change(
  io: CommandIo,
  kind: 'promote' | 'rollback',
  { name, number }: { name: string; number?: number },
  why: string | undefined,
): Promise<void> {
  if (why === undefined) throw new UsageError('Say why: --why TEXT. It stands in the record.');
  const body = { why, ...(number !== undefined && { number }) };
  const { inUse, changed } = await withService(io, (ctx) => changeModelInUse(ctx, kind, name, body, by));
  io.stdout.write(`${printable(name)}/${inUse} is in use${changed ? '' : ', as it was'}.\n`);
}

interface Schedule {
  readonly every?: string | undefined;
  readonly at?: string | undefined;
  readonly off?: boolean | undefined;
}

async function schedule(io: CommandIo, name: string, { every, at, off }: Schedule): Promise<void> {
  if (off === true && (every !== undefined || at !== undefined))
    throw new UsageError('Say --every, or --off, not both.');
  if (at !== undefined && every === undefined)
    throw new UsageError('Say how often as well: --every 7d --at 03:30.');
  const body = off === true ? { every: null } : { every, ...(at !== undefined && { at }) };
  const isChange = off === true || every !== undefined;
  const known = await withService(io, (ctx: Context) =>
    isChange ? setRetraining(ctx, name, body, by) : findRetraining(ctx, name),
  );
  const shown = printable(name);
  io.stdout.write(
    known
      ? `${shown} learns again every ${known.every} at ${known.at} UTC, next on ${known.next.slice(0, 16).replace('T', ' at ')}; set by ${printable(known.setBy)}.\n`
      : `${shown} learns only when somebody asks.\n`,
  );
}

async function compare(io: CommandIo, id: string, other: string | undefined): Promise<void> {
  const { name, number } = readModelId(id);
  const against = other === undefined ? undefined : readModelId(`${name}/${other}`).number;
  const pair = { name, number, ...(against !== undefined && { against }) };
  const { clock, models: found } = await withService(io, (ctx) =>
    ctx.learner.run({ do: 'compare', pair }, () => undefined, io.signal),
  );
  io.stdout.write(`On the hold-out before ${clock}:\n`);
  for (const { id: one, measure } of found) {
    io.stdout.write(`${printable(one)}  ${printable(measure.name)} ${printable(measureAsText(measure))}\n`);
  }
}
