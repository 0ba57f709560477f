import { schedule } from 'node-cron';
import type { Context } from './flows/context.js';
import { checkModels } from './flows/check-models.js';
import { checkVolumes } from './flows/check-volumes.js';
import { expireQuarantine } from './flows/expire-quarantine.js';
import { keepLearning } from './flows/keep-learning.js';
import { keepMembers } from './flows/keep-members.js';
import { expireAccess } from './flows/sign-in.js';
import { workOffRefills } from './flows/work-off-refills.js';

/** A flow that runs by the clock. */
export interface Job {
  readonly name: string;
  /** Minute, hour, day of month, month, day of week, with seconds before them where they matter; in UTC. */
  readonly schedule: string;
  /** Runs once at the start too: what was left undone by the last process is not put off. */
  readonly atStart?: boolean;
  /** It may take many times as long as from one time to the next, and is no news then. */
  readonly takesLong?: boolean;
  /** Answers what it did, for the log; nothing when there was nothing to do. */
  run(ctx: Context): Promise<object | undefined>;
}

/** The whole timetable. */
export const jobs: readonly Job[] = [
  { name: 'expire-access', schedule: '17 3 * * *', run: expireAccess },
  { name: 'work-off-refills', schedule: '*/5 * * * * *', atStart: true, run: workOffRefills },
  { name: 'keep-segment-members', schedule: '*/10 * * * * *', atStart: true, run: keepMembers },
  { name: 'keep-learning', schedule: '*/10 * * * * *', atStart: true, takesLong: true, run: keepLearning },
  { name: 'check-volumes', schedule: '7 1 * * *', run: checkVolumes },
  { name: 'check-models', schedule: '47 4 * * *', run: checkModels },
  { name: 'expire-quarantine', schedule: '27 3 * * *', run: expireQuarantine },
];

export interface RunningJobs {
  /** Starts nothing new and waits for what is running. */
  stop(): Promise<void>;
}

export function startJobs(ctx: Context, table: readonly Job[] = jobs): RunningJobs {
  const running = new Set<Promise<void>>();
  const tasks = table.map((job) => {
    const once = neverTwiceAtOnce(ctx, job);
    const tick = (): void => {
      const run = once().finally(() => running.delete(run));
      running.add(run);
    };
    if (job.atStart === true) tick();
    return schedule(job.schedule, tick, { name: job.name, timezone: 'UTC' });
  });
  return {
    async stop() {
      for (const task of tasks) await task.destroy();
      await Promise.all(running);
    },
  };
}

/** Runs the job, or does nothing while it still runs. A failure is logged and waits for the next time. */
export function neverTwiceAtOnce(ctx: Context, job: Job): () => Promise<void> {
  let busy = false;
  return async () => {
    if (busy) {
      if (job.takesLong !== true)
        ctx.log.warn({ job: job.name }, 'A job was left out because its last run is not finished.');
      return;
    }
    busy = true;
    try {
      const did = await job.run(ctx);
      if (did) ctx.log.info({ job: job.name, ...did }, 'A job has run.');
    } catch (error) {
      ctx.log.error({ job: job.name, err: error }, 'A job failed.');
    } finally {
      busy = false;
    }
  };
}
