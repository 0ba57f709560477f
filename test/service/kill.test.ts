import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleDraft } from '../../src/experiments/example-draft.js';
import { embeddedDataDir } from '../support/embedded-folder.js';
import { programFile } from '../support/program.js';

/**
 * The whole service as a process of its own on the embedded database, killed without warning while events arrive. What
 * it had acknowledged is there afterwards, and posting everything again counts nothing twice.
 */

const root = resolve(import.meta.dirname, '../..');
let dataDir: string;
let service: Service;

interface Service {
  readonly child: ChildProcess;
  readonly url: string;
  readonly apiKey: string;
}

async function start(): Promise<Service> {
  const child = spawn(process.execPath, [programFile('main')], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      POSTULATE_DATA_DIR: dataDir,
      PORT: '0',
      POSTULATE_DEMO: 'off',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    const url = /Pages\s+(\S+)\//.exec(printed)?.[1];
    const apiKey = /API key\s+(\S+)/.exec(printed)?.[1];
    if (url && apiKey) return { child, url, apiKey };
  }
  throw new Error(`the service ended before it was ready:\n${printed}`);
}

async function post(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(service.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

beforeAll(async () => {
  dataDir = await embeddedDataDir();
  service = await start();
});
afterAll(async () => {
  service.child.kill('SIGKILL');
  await once(service.child, 'exit');
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a service that is killed while events arrive', () => {
  it('has lost nothing that it acknowledged and counts nothing twice', async () => {
    await post('/v1/experiments', { ...exampleDraft, salt: 'kill' });
    await post('/v1/experiments/spring-offer/start', {});
    const recipients = Array.from({ length: 300 }, (_, i) => ({ id: `r${i}` }));
    const assigned = await post('/v1/experiments/spring-offer/assignments', { recipients });
    const messageIds = (assigned.body['assignments'] as { messageId: string }[]).map(
      ({ messageId }) => messageId,
    );
    const at = new Date().toISOString();
    const events = messageIds.flatMap((messageId, i) => [
      { id: `sent-${i}`, type: 'sent', messageId, at },
      { id: `order-${i}`, type: 'converted', messageId, at, value: `${i}.50`, currency: 'EUR' },
    ]);
    const batches = Array.from({ length: 60 }, (_, i) => events.slice(i * 10, i * 10 + 10));
    const acknowledged = new Set<string>();
    for (let kills = 0; kills < 3; kills += 1) {
      const pending = batches.filter((batch) => !acknowledged.has(batch[0]!.id));
      const enough = acknowledged.size + 100;
      // A few at a time, or on a busy machine they would all be answered together and nothing were left to kill.
      const lane = async (): Promise<void> => {
        for (let batch = pending.shift(); batch && !service.child.killed; batch = pending.shift()) {
          const { status } = await post('/v1/events', { events: batch });
          if (status === 200) for (const { id } of batch) acknowledged.add(id);
          if (acknowledged.size >= enough) service.child.kill('SIGKILL');
        }
      };
      await Promise.allSettled([lane(), lane(), lane(), lane(), once(service.child, 'exit')]);
      service = await start();
    }
    expect(acknowledged.size, 'the kills came in the middle').toBeLessThan(events.length);
    const answers = [];
    for (const batch of batches)
      answers.push(...((await post('/v1/events', { events: batch })).body['results'] as object[]));
    for (const [i, answer] of (answers as { id: string; status: string }[]).entries()) {
      expect(answer.id).toBe(events[i]!.id);
      if (acknowledged.has(answer.id)) expect(answer.status).toBe('duplicate');
      else expect(['recorded', 'duplicate']).toContain(answer.status);
    }
    const report = await fetch(`${service.url}/v1/experiments/spring-offer/report`, {
      headers: { authorization: `Bearer ${service.apiKey}` },
    });
    const { metrics } = (await report.json()) as {
      metrics: { key: string; arms: { nonZero: number; total: string }[] }[];
    };
    const order = metrics.find(({ key }) => key === 'order')!.arms;
    const revenue = metrics.find(({ key }) => key === 'revenue')!.arms;
    expect(order.reduce((sum, arm) => sum + arm.nonZero, 0)).toBe(300);
    expect(revenue.reduce((sum, arm) => sum + Number(arm.total), 0)).toBe((299 * 300) / 2 + 150);
  }, 300_000);

  it('refuses a second process on its folder with a sentence', async () => {
    const second = spawn(process.execPath, [programFile('cli'), 'audit'], {
      cwd: root,
      env: { PATH: process.env['PATH'], POSTULATE_DATA_DIR: dataDir },
    });
    let said = '';
    second.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(second, 'exit')) as [number];
    expect(code).toBe(1);
    expect(said).toContain(`in use by process ${service.child.pid}`);
  });

  it('ends in order when asked to, and the next command finds everything as drawn', async () => {
    service.child.kill('SIGTERM');
    const [code] = (await once(service.child, 'exit')) as [number];
    expect(code).toBe(0);
    for (const command of ['audit', 'rebuild']) {
      const run = spawn(process.execPath, [programFile('cli'), command], {
        cwd: root,
        env: { PATH: process.env['PATH'], POSTULATE_DATA_DIR: dataDir },
      });
      let printed = '';
      run.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      const [exit] = (await once(run, 'exit')) as [number];
      expect(printed).toMatch(/spring-offer: 300 recipients, .*(all as drawn|no difference)/);
      expect(exit).toBe(0);
    }
    service = await start();
  }, 300_000);
});
