#!/usr/bin/env node
import { pathToFileURL } from 'node:url';
import { realpathSync } from 'node:fs';
import { UsageError, type Command, type CommandIo } from './cli/command.js';
import { PostulateError } from './errors.js';
import { didYouMean } from './files/closest-name.js';
import { printable } from './reports/text-table.js';

/**
 * Every command, loaded when it is asked for: what one needs must not slow down the others. A new one is a file and a line
 * here.
 */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  analyze: async () => (await import('./cli/analyze.js')).analyze,
  evaluate: async () => (await import('./cli/evaluate.js')).evaluate,
  import: async () => (await import('./cli/import.js')).importCommand,
  export: async () => (await import('./cli/export.js')).exportCommand,
  rebuild: async () => (await import('./cli/rebuild.js')).rebuild,
  'off-policy': async () => (await import('./cli/off-policy.js')).offPolicy,
  replay: async () => (await import('./cli/replay.js')).replay,
  catalogue: async () => (await import('./cli/catalogue.js')).catalogue,
  models: async () => (await import('./cli/models.js')).models,
  scorers: async () => (await import('./cli/scorers.js')).scorers,
  strategies: async () => (await import('./cli/strategies.js')).strategies,
  train: async () => (await import('./cli/train.js')).train,
  audit: async () => (await import('./cli/audit.js')).audit,
  'data-audit': async () => (await import('./cli/data-audit.js')).dataAudit,
  rules: async () => (await import('./cli/rules.js')).rules,
  cf: async () => (await import('./cli/cf.js')).cf,
  personas: async () => (await import('./cli/personas.js')).personas,
  segments: async () => (await import('./cli/segments.js')).segments,
  'send-report': async () => (await import('./cli/send-report.js')).sendReport,
  'sign-in-link': async () => (await import('./cli/sign-in-link.js')).signInLink,
  'api-key': async () => (await import('./cli/api-key.js')).apiKey,
};

const interrupted = 130;

/** Runs one command line and gives the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export async function runCli(args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  const say = (text: string): void => void io.stderr.write(`${text.split('\n').map(printable).join('\n')}\n`);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? io.stderr : io.stdout).write(await overview());
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    say(`There is no command "${name}".${didYouMean(name, Object.keys(commands))} See postulate --help.`);
    return 2;
  }
  const command = await load();
  try {
    return await command.run(rest, io);
  } catch (error) {
    return await explain(error, command, io, say);
  }
}

async function explain(
  error: unknown,
  command: Command,
  io: CommandIo,
  say: (text: string) => void,
): Promise<number> {
  if (io.signal.aborted) {
    say('Interrupted.');
    return interrupted;
  }
  if (error instanceof UsageError) {
    say(`${error.message}\nSee postulate ${command.name} --help.`);
    return 2;
  }
  if (error instanceof PostulateError) {
    say([error.message, ...error.problems.map((one) => `  ${one.path}: ${one.message}`)].join('\n'));
    return 1;
  }
  const { isFullDisk, isOutage } = await import('./flows/check-health.js');
  if (isFullDisk(error)) {
    say("The database's disk is full. What was being written is not; make room and run the command again.");
    return 1;
  }
  if (isOutage(error)) {
    say('The connection to the database was lost. Run the command again once the database answers.');
    return 1;
  }
  say(
    `This should not have happened. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return 1;
}

async function overview(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  const width = Math.max(...all.map((command) => command.name.length));
  const lines = all.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return `postulate: which way of personalizing e-mail really works?\n\nCommands\n${lines.join('\n')}\n\npostulate COMMAND --help says more.\n`;
}

async function main(): Promise<void> {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  const { stdin, stdout, stderr, env } = process;
  const io = { stdin, stdout, stderr, env, now: () => new Date(), signal: controller.signal };
  process.exitCode = await runCli(process.argv.slice(2), io);
  stdin.destroy();
}

const startedAs = process.argv[1];
if (startedAs !== undefined && import.meta.url === pathToFileURL(realpathSync(startedAs)).href) await main();
