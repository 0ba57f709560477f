import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino, type Logger } from 'pino';
import { readConfig, withBoundPort, type Config } from './config.js';
import { seedDemo } from './flows/seed-demo.js';
import { startJobs } from './jobs.js';
import { openService } from './open-service.js';
import { createApp } from './web/app.js';
import { runningExperiment, waysIn, welcomeText } from './welcome.js';

/** The wiring of the whole service, and the only place that knows all of its parts. */

const IDLE_MS = 120_000;
const STOP_DEADLINE_MS = 15_000;

async function start(config: Config, log: Logger): Promise<() => Promise<void>> {
  const service = await openService(config, log);
  const server = createServer();
  try {
    if (config.demo) await seedDemo(service.ctx);
    const bound = withBoundPort(config, await listen(server, config));
    const { publicUrl, rateLimitPerMinute, trustProxy } = bound;
    server.on(
      'request',
      createApp({ ctx: service.ctx, settings: { publicUrl, rateLimitPerMinute, trustProxy } }),
    );
    const jobs = startJobs(service.ctx);
    const ways = await waysIn(service.ctx, bound);
    const experiment = await runningExperiment(service.ctx);
    process.stdout.write(
      welcomeText({ publicUrl, ...ways, ...(experiment && { experiment }), seconds: process.uptime() }),
    );
    return async () => {
      await Promise.all([service.stopLearning(), closeServer(server)]);
      await jobs.stop();
      await service.close();
    };
  } catch (error) {
    server.close();
    await service.close();
    throw error;
  }
}

function listen(server: Server, { host, port }: Config): Promise<number> {
  // A stream of recipients may take as long as it takes; a connection on which nothing moves is closed.
  server.requestTimeout = 0;
  server.timeout = IDLE_MS;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(whyNotListening(error, host, port))),
    );
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function whyNotListening(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} on ${host} is in use; stop the other program or set PORT to another.`;
  if (error.code === 'EACCES')
    return `Port ${port} needs rights this account does not have; set PORT to one above 1023.`;
  return `Cannot listen on ${host}:${port}: ${error.message}. Set HOST and PORT.`;
}

/** Takes no new requests, lets the running ones finish, and cuts those that take too long. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const deadline = setTimeout(() => server.closeAllConnections(), STOP_DEADLINE_MS);
  await closed;
  clearTimeout(deadline);
}

function stopOnSignal(stop: () => Promise<void>, log: Logger): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    process.stderr.write(`\n${signal}: finishing what is running; once more to stop at once.\n`);
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'Postulate did not stop cleanly.');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
}

function fail(sentences: readonly string[]): never {
  process.stderr.write(`${sentences.join('\n')}\n`);
  process.exit(1);
}

const read = readConfig(process.env);
if (!read.ok) fail(read.problems);
const { logLevel } = read.config;
// Until the service is ready a failure is told by its sentence alone, unless more was asked for.
const log = pino(
  { level: /debug|trace/.test(logLevel) ? logLevel : 'silent' },
  pino.destination({ fd: 2, sync: true }),
);
try {
  stopOnSignal(await start(read.config, log), log);
  log.level = logLevel;
} catch (error) {
  log.debug({ err: error }, 'Postulate did not start.');
  fail([error instanceof Error ? error.message : String(error)]);
}
