import { demoEvents, type DemoMessage } from '../../seeds/demo-events.js';
import { demoItems } from '../../seeds/demo-items.js';
import { demoSegments } from '../../seeds/demo-segments.js';
import { customers, demoExperiments, type DemoExperiment } from '../../seeds/demo-world.js';
import { assignRecipients } from './assign-recipients.js';
import { changeStatus } from './change-status.js';
import type { Context } from './context.js';
import { createExperiment } from './create-experiment.js';
import { listExperiments } from './find-experiment.js';
import { recordEvents } from './record-events.js';
import { registerSegment } from './register-segment.js';
import { recordItems } from './record-items.js';

const eventsPerCall = 10_000;

/**
 * Makes a small world to look at, by the same flows that a sender would use: experiments are created and started,
 * recipients assigned, events recorded. Only the clock is turned back. Does nothing where there are experiments.
 */
export async function seedDemo(ctx: Context): Promise<{ seeded: boolean; experiments: string[] }> {
  if ((await listExperiments(ctx)).length > 0) return { seeded: false, experiments: [] };
  const now = ctx.clock();
  const demos = demoExperiments(now);
  // All or nothing: half a world, left by somebody who interrupted the first start, would never be completed.
  await ctx.db.transaction(async (trx) => {
    await recordItems({ ...ctx, db: trx }, demoItems, { source: 'demo-shop' });
    for (const segment of demoSegments) await registerSegment({ ...ctx, db: trx }, segment);
    for (const demo of demos) await seedExperiment({ ...ctx, db: trx }, demo, now);
  });
  return { seeded: true, experiments: demos.map((demo) => demo.draft.key) };
}

async function seedExperiment(ctx: Context, demo: DemoExperiment, now: Date): Promise<void> {
  const then = (at: Date): Context => ({ ...ctx, clock: () => at });
  const { key } = await createExperiment(then(demo.createdAt), demo.draft);
  if (demo.recipients === 0) return;
  await changeStatus(then(demo.createdAt), key, 'start');
  const people = customers(demo.recipients);
  const wave = Math.ceil(people.length / demo.enrolledAt.length);
  const events: object[] = [];
  for (const [i, sentAt] of demo.enrolledAt.entries()) {
    const batch = people.slice(i * wave, (i + 1) * wave);
    const answers = await assignRecipients(then(sentAt), key, batch);
    for (const [j, answer] of answers.entries()) {
      const customer = batch[j];
      if (!customer || !('arm' in answer))
        throw new Error(`the demo world could not assign ${JSON.stringify(answer)}`);
      const message: DemoMessage = {
        experiment: key,
        arm: answer.arm,
        messageId: answer.messageId,
        customer,
        sentAt,
      };
      events.push(...demoEvents(message, now));
    }
  }
  for (let i = 0; i < events.length; i += eventsPerCall) {
    const answers = await recordEvents(ctx, events.slice(i, i + eventsPerCall), { source: 'demo-shop' });
    const refused = answers.find((answer) => answer.status === 'refused');
    if (refused) throw new Error(`the demo world posted a bad event: ${JSON.stringify(refused)}`);
  }
  if (demo.stoppedAt) await changeStatus(then(demo.stoppedAt), key, 'stop');
}
