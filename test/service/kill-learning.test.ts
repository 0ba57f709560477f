import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listModels } from '../../src/flows/find-models.js';
import { keepLearning, setRetraining } from '../../src/flows/keep-learning.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { listRuns } from '../../src/flows/run-learning.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import type { Service } from '../../src/open-service.js';
import { fillShop, popular } from '../flows/shop.js';
import { embeddedDataDir } from '../support/embedded-folder.js';
import { startService } from '../support/service-process.js';
import { openServiceWith } from '../support/service-in-folder.js';

/** The whole service killed without warning while a strategy learns: nothing half is left, and learning goes on afterwards. */

let dataDir: string;
beforeAll(async () => {
  dataDir = await embeddedDataDir();
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

async function withDatabase<T>(work: (service: Service) => Promise<T>): Promise<T> {
  const service = await openServiceWith({ POSTULATE_DATA_DIR: dataDir });
  try {
    return await work(service);
  } finally {
    await service.stopLearning();
    await service.close();
  }
}

it('leaves the model in use as it was, and the run to be started again', async () => {
  const hash = await withDatabase(async ({ ctx }) => {
    await fillShop(ctx, 1_000);
    await registerStrategy(ctx, { name: 'best-sellers', definition: popular });
    await takeSnapshot(ctx);
    return (await learnStrategy(ctx, 'best-sellers', { isAlone: true })).hash;
  });
  const service = startService({ POSTULATE_DATA_DIR: dataDir, POSTULATE_DEMO: 'off', LOG_LEVEL: 'warn' });
  const { url, apiKey } = await service.ready();
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const asked = await fetch(`${url}/v1/strategies/best-sellers/learn`, {
    ...{ method: 'POST', headers, body: '{"waitSeconds": 0}' },
  });
  expect(asked.status).toBe(202);
  const run = `${url}${asked.headers.get('location') ?? ''}`;
  const statusOf = async (): Promise<string> =>
    ((await (await fetch(run, { headers })).json()) as { status: string }).status;
  while ((await statusOf()) === 'waiting') await sleep(20);
  // Long enough for its thread to be at work, and far from its end.
  await sleep(400);
  await service.stop('SIGKILL');
  await withDatabase(async ({ ctx }) => {
    expect((await listModels(ctx)).map((one) => [one.hash, one.inUse])).toEqual([[hash, true]]);
    expect((await listRuns(ctx)).map(({ status }) => status)).toEqual(['running']);
    const later = new Date(Date.now() + 61_000);
    expect(await keepLearning({ ...ctx, clock: () => later })).toBeUndefined();
    const [ended] = await listRuns(ctx);
    expect(ended).toMatchObject({ status: 'interrupted' });
    expect(ended?.message).toContain('The model in use is as it was.');
    await setRetraining({ ...ctx, clock: () => new Date(Date.now() - 2 * 86_400_000) }, 'best-sellers', { every: '1d' }, 'Ana'); // prettier-ignore
    expect(await keepLearning(ctx)).toEqual({ learned: 1, failed: 0 });
    expect((await listModels(ctx)).map(({ id, inUse }) => [id, inUse])).toEqual([
      ['best-sellers/2', true],
      ['best-sellers/1', false],
    ]);
  });
}, 120_000);
