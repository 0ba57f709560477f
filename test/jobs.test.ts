import { describe, expect, it, vi } from 'vitest';
import { validate } from 'node-cron';
import type { Context } from '../src/flows/context.js';
import { jobs, neverTwiceAtOnce, startJobs } from '../src/jobs.js';

const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const ctx = { log } as unknown as Context;

describe('jobs', () => {
  it('have a schedule that can be read and a name of their own', () => {
    for (const job of jobs) expect([job.name, validate(job.schedule)]).toEqual([job.name, true]);
    expect(new Set(jobs.map((job) => job.name)).size).toBe(jobs.length);
  });

  it('never run twice at once, and run again afterwards', async () => {
    let finish: (value: object) => void = () => undefined;
    const run = vi.fn(() => new Promise<object>((resolve) => (finish = resolve)));
    const tick = neverTwiceAtOnce(ctx, { name: 'slow', schedule: '* * * * *', run });
    const first = tick();
    await tick();
    expect(run).toHaveBeenCalledTimes(1);
    expect(log.warn).toHaveBeenCalledOnce();
    finish({});
    await first;
    const second = tick();
    expect(run).toHaveBeenCalledTimes(2);
    finish({});
    await second;
  });

  it('that fail are logged and run again', async () => {
    const run = vi.fn(() => Promise.reject(new Error('no')));
    const tick = neverTwiceAtOnce(ctx, { name: 'failing', schedule: '* * * * *', run });
    await tick();
    await tick();
    expect(run).toHaveBeenCalledTimes(2);
    expect(log.error).toHaveBeenCalledTimes(2);
  });

  it('run by the clock, and stopping waits for what runs', async () => {
    let done = false;
    const run = vi.fn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      done = true;
      return {};
    });
    const running = startJobs(ctx, [{ name: 'often', schedule: '* * * * * *', run }]);
    await vi.waitFor(() => expect(run).toHaveBeenCalled(), 3_000);
    await running.stop();
    expect(done).toBe(true);
  });
});
