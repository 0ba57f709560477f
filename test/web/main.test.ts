import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startService, type ServiceProcess } from '../support/service-process.js';

const folders: string[] = [];
const services: ServiceProcess[] = [];

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'postulate-main-'));
  folders.push(made);
  return made;
}

function start(env: Record<string, string>): ServiceProcess {
  const service = startService(env);
  services.push(service);
  return service;
}

afterAll(async () => {
  await Promise.all(services.map((service) => service.stop('SIGKILL')));
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

describe('the service as a process', () => {
  const dataDir = folder();

  it('opens, seeds, prints ways in that work, and closes in good order', async () => {
    const service = start({ POSTULATE_DATA_DIR: dataDir });
    const { url, signIn, apiKey, curl } = await service.ready();
    const page = await fetch(signIn!, { redirect: 'manual' });
    expect([page.status, page.headers.get('location')]).toEqual([303, '/']);
    const list = await fetch(`${url}/v1/experiments`, { headers: { Authorization: `Bearer ${apiKey!}` } });
    const { experiments } = (await list.json()) as { experiments: { status: string }[] };
    expect(experiments.length).toBeGreaterThan(1);
    const answer = JSON.parse(execFileSync('sh', ['-c', curl!], { encoding: 'utf8' })) as {
      assignments: { arm?: string }[];
    };
    expect(answer.assignments[0]!.arm).toEqual(expect.any(String));
    for (const secret of ['workspace.key', 'demo-api-key']) {
      expect(statSync(join(dataDir, secret)).mode & 0o777).toBe(0o600);
    }

    const second = start({ POSTULATE_DATA_DIR: dataDir });
    expect(await second.exited).toBe(1);
    expect(sentences(second)).toHaveLength(1);
    expect(second.output().stderr).toContain(String(service.process.pid));

    expect(await service.stop('SIGINT')).toBe(0);
    const again = start({ POSTULATE_DATA_DIR: dataDir });
    const welcome = await again.ready();
    expect(welcome.apiKey).toBe(apiKey);
    expect(welcome.signIn?.split('=')[1]).not.toBe(signIn!.split('=')[1]);
    expect(await again.stop()).toBe(0);
  });

  it('refuses a wrong and a missing workspace key with one sentence', async () => {
    const path = join(dataDir, 'workspace.key');
    const right = readFileSync(path, 'utf8');
    writeFileSync(path, '0'.repeat(64));
    const wrong = start({ POSTULATE_DATA_DIR: dataDir });
    expect(await wrong.exited).toBe(1);
    expect(sentences(wrong)).toEqual([expect.stringContaining('another workspace key')]);
    rmSync(path);
    const missing = start({ POSTULATE_DATA_DIR: dataDir });
    expect(await missing.exited).toBe(1);
    expect(sentences(missing)).toEqual([expect.stringContaining('is missing')]);
    writeFileSync(path, right);
  });

  it('finishes a running request before it ends', async () => {
    const service = start({ POSTULATE_DATA_DIR: dataDir });
    const { url, apiKey } = await service.ready();
    const recipients = Array.from({ length: 5_000 }, (_, i) => ({ id: `last-${i}` }));
    const answer = fetch(`${url}/v1/experiments/spring-offer/assignments`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${apiKey!}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ recipients }),
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const code = service.stop();
    const { assignments } = (await (await answer).json()) as { assignments: unknown[] };
    expect(assignments).toHaveLength(5_000);
    expect(await code).toBe(0);
  });
});

describe('what keeps the service from starting is one sentence', () => {
  it('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const service = start({ POSTULATE_DATA_DIR: folder(), PORT: String(port), POSTULATE_DEMO: 'off' });
    expect(await service.exited).toBe(1);
    expect(sentences(service)).toEqual([expect.stringContaining(`Port ${port} on 127.0.0.1 is in use`)]);
    other.close();
  });

  it('a mistake in the configuration', async () => {
    const service = start({ POSTULATE_DATA_DIR: folder(), PORT: 'eighty' });
    expect(await service.exited).toBe(1);
    expect(sentences(service)).toEqual([expect.stringContaining('PORT')]);
  });

  it('a database that is not there', async () => {
    const service = start({
      DATABASE_URL: 'postgres://user:hunter2@127.0.0.1:1/none',
      POSTULATE_WORKSPACE_KEY: 'ab'.repeat(32),
    });
    expect(await service.exited).toBe(1);
    expect(sentences(service)).toEqual([expect.stringContaining('cannot be reached')]);
    expect(service.output().stderr).not.toContain('hunter2');
  });
});

function sentences(service: ServiceProcess): string[] {
  return service.output().stderr.trim().split('\n');
}
