import { readFile } from 'node:fs/promises';
import { badInput } from '../errors.js';
import { parseJson } from '../files/parse-json.js';
import { listScorers } from '../flows/find-scorers.js';
import { registerScorer } from '../flows/register-scorer.js';
import { tryScorer } from '../flows/try-scorer.js';
import { textTable } from '../reports/text-table.js';
import { type CommandIo, UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { withService } from './with-service.js';

const help = `postulate scorers: models from elsewhere that strategies may ask.

  postulate scorers list                      every version, where it is, and what it was trained on
  postulate scorers register NAME FILE.json   the definition as the next version of the name
  postulate scorers try NAME@VERSION ID...    what it is told of these recipients, and what it says

  --model FILE.onnx   the model, for a definition of the type onnx
  --json              list and try as JSON

Secrets are never stored: a header names one, {"secret": "NAME"}, and POSTULATE_SCORER_SECRET_NAME holds it where the service
runs.

Exit code: 0 done, 1 failed (try: somebody has no score), 2 wrong usage.
`;

const options = {
  model: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const scorers = defineCommand({
  name: 'scorers',
  summary: 'list, register or try models from elsewhere',
  help,
  options,
  async run({ values, positionals }, io) {
    const [verb, name, ...rest] = positionals;
    const asJson = values.json === true;
    if (verb === 'list' && name === undefined) return list(io, asJson);
    if (verb === 'register' && name !== undefined && rest.length === 1)
      return register(io, name, rest[0] ?? '', values.model);
    if (verb === 'try' && name !== undefined && rest.length > 0) return tryOn(io, name, rest, asJson);
    throw new UsageError('Say what to do: list, register NAME FILE.json, or try NAME@VERSION ID...');
  },
});

async function list(io: CommandIo, asJson: boolean): Promise<number> {
  const all = await withService(io, listScorers);
  if (asJson) {
    // What this process has seen of them is nothing.
    const known = all.map(({ state: _, ...scorer }) => scorer);
    io.stdout.write(`${JSON.stringify({ scorers: known }, undefined, 2)}\n`);
  } else if (all.length === 0) io.stdout.write('No scorer is registered.\n');
  else {
    const columns = ['scorer', 'where', 'trained by', 'on data until'].map((title) => ({
      title,
      align: 'left' as const,
    }));
    const rows = all.map(({ name, version, definition }) => [
      `${name}@${version}`,
      definition.type === 'http' ? definition.url : `ONNX ${definition.file.slice(0, 19)}…`,
      definition.card.trainedBy,
      definition.card.window.until,
    ]);
    const lines = textTable(columns, rows);
    io.stdout.write(`${lines.join('\n')}\n`);
  }
  return 0;
}

async function register(io: CommandIo, name: string, path: string, model?: string): Promise<number> {
  const definition = parseJson((await read(path)).toString('utf8'));
  if (!definition.ok) throw badInput('invalid_file', `${path} ${definition.message}.`);
  const file = model === undefined ? undefined : (await read(model)).toString('base64');
  const body = { name, definition: definition.value, ...(file !== undefined && { file }) };
  const stored = await withService(io, (ctx) => registerScorer(ctx, body, 'command line'));
  io.stdout.write(`${stored.name}@${stored.version}, ${stored.hash}\n`);
  return 0;
}

async function tryOn(
  io: CommandIo,
  reference: string,
  recipients: readonly string[],
  asJson: boolean,
): Promise<number> {
  const trial = await withService(io, (ctx) => tryScorer(ctx, reference, recipients));
  if (asJson) io.stdout.write(`${JSON.stringify(trial, undefined, 2)}\n`);
  else
    for (const { id, features, score } of trial.tried) {
      const told = Object.entries(features).map(([name, value]) => `${name} ${value ?? 'not known'}`);
      const said = typeof score === 'number' ? String(score) : `no score (${score.code}): ${score.reason}`;
      io.stdout.write(`${id}: ${said}\n  ${told.join(', ')}\n`);
    }
  return trial.tried.every(({ score }) => typeof score === 'number') ? 0 : 1;
}

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    throw badInput('unreadable_file', `${path} cannot be read: ${code ?? message}.`);
  });
}
