import { PassThrough, Readable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import { fillShop, popular } from '../flows/shop.js';
import { embeddedDataDir } from '../support/embedded-folder.js';
import { openServiceWith } from '../support/service-in-folder.js';

/** The life of a model on the command line, on an embedded database that no service holds. */

let dataDir: string;

async function run(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = { out: '', err: '' };
  stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
  stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
  const env = { POSTULATE_DATA_DIR: dataDir };
  const signal = new AbortController().signal;
  const io = { stdin: Readable.from([]), stdout, stderr, env, now: () => new Date(), signal };
  const code = await runCli(args, io);
  return { code, ...texts };
}

beforeAll(async () => {
  dataDir = await embeddedDataDir();
  const service = await openServiceWith({ POSTULATE_DATA_DIR: dataDir });
  await fillShop(service.ctx, 30);
  await registerStrategy(service.ctx, { name: 'best-sellers', definition: popular });
  await registerStrategy(service.ctx, { name: 'same', definition: { kind: 'static', slots: { a: 'b' } } });
  await takeSnapshot(service.ctx);
  await service.close();
});

describe('postulate models schedule', () => {
  const schedule = (...more: string[]) => run('models', 'schedule', 'best-sellers', ...more);

  it('says when it learns again, sets it, and takes it back', async () => {
    expect(await schedule()).toMatchObject({
      code: 0,
      out: 'best-sellers learns only when somebody asks.\n',
    });
    const set = await schedule('--every', '7d', '--at', '04:15');
    expect(set.code).toBe(0);
    expect(set.out).toMatch(
      /^best-sellers learns again every 7d at 04:15 UTC, next on \d{4}-\d\d-\d\d at 04:15; set by command line\.\n$/,
    );
    expect((await schedule()).out).toBe(set.out);
    expect((await schedule('--every', '1d')).out).toContain('every 1d at 03:30 UTC');
    expect((await schedule('--off')).out).toBe('best-sellers learns only when somebody asks.\n');
    expect((await schedule()).out).toBe('best-sellers learns only when somebody asks.\n');
  }, 60_000);

  it('refuses what is no schedule, and changes nothing', async () => {
    for (const [args, code, word] of [
      [['--every', '7d', '--off'], 2, 'not both'],
      [['--at', '04:00'], 2, 'Say how often as well'],
      [['--every', '2h'], 1, 'write whole days from 1d to 365d'],
      [['--every', '1d', '--at', '24:00'], 1, 'write a time of the day in UTC as 03:30'],
    ] as const) {
      const answer = await schedule(...args);
      expect([answer.code, answer.out]).toEqual([code, '']);
      expect(answer.err).toContain(word);
    }
    expect((await run('models', 'schedule', 'nobody')).err).toContain('There is no strategy "nobody"');
    expect((await run('models', 'schedule', 'same', '--every', '1d')).err).toContain('which learns nothing');
    expect((await run('models', 'schedule')).code).toBe(2);
    expect((await schedule()).out).toBe('best-sellers learns only when somebody asks.\n');
  }, 60_000);
});
