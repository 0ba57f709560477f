import { demoEvents, demoVisits } from '../../seeds/demo-events.js';
import { demoBrowsing } from '../../seeds/demo-browsing.js';
import { demoItems, otherItems } from '../../seeds/demo-items.js';
import { demoSegments } from '../../seeds/demo-segments.js';
import {
  bestSellers,
  byTaste,
  demoContents,
  likelyVisitors,
  offerByHistory,
  oneOffer,
  picksByHand,
} from '../../seeds/demo-strategies.js';
import { demoTemplate } from '../../seeds/demo-template.js';
import { customers, demoExperiments, type DemoExperiment } from '../../seeds/demo-world.js';
import { assignRecipients } from './assign-recipients.js';
import { changeActivation } from './change-activation.js';
import { changeStatus } from './change-status.js';
import type { Context } from './context.js';
import { createExperiment } from './create-experiment.js';
import { listExperiments } from './find-experiment.js';
import { setRetraining } from './keep-learning.js';
import { learnStrategy } from './learn-strategy.js';
import { recordEvents } from './record-events.js';
import { recordItems } from './record-items.js';
import { registerContent } from './register-content.js';
import { registerSegment } from './register-segment.js';
import { registerStrategy } from './register-strategy.js';
import { registerTemplate } from './register-template.js';
import { takeSnapshot } from './take-snapshot.js';

const eventsPerCall = 10_000;
const day = 86_400_000;
const keeper = 'CRM team';

/** A context at a time some days from now. */
type At = (days: number) => Context;

/**
 * Makes a small world to look at, by the same flows that a sender would use: strategies and a template are registered,
 * experiments created and started, recipients assigned, events recorded. Only the clock is turned back. Does nothing where
 * there are experiments.
 */
export async function seedDemo(ctx: Context): Promise<{ seeded: boolean; experiments: string[] }> {
  if ((await listExperiments(ctx)).length > 0) return { seeded: false, experiments: [] };
  const now = ctx.clock();
  const demos = demoExperiments(now);
  // All or nothing: half a world, left by somebody who interrupted the first start, would never be completed.
  await ctx.db.transaction(async (trx) => {
    const at: At = (days) => {
      const then = new Date(now.getTime() + days * day);
      return { ...ctx, db: trx, clock: () => then };
    };
    await seedIngredients(at, new Date(now.getTime() + 180 * day).toISOString().slice(0, 10));
    for (const demo of demos) {
      if (demo.draft.key === 'tea-picks') await seedLearning(at);
      await seedExperiment({ ...ctx, db: trx }, demo, now);
    }
  });
  return { seeded: true, experiments: demos.map((demo) => demo.draft.key) };
}

/** @param review the day by which somebody should look at the rules again. */
async function seedIngredients(at: At, review: string): Promise<void> {
  await recordItems(at(-50), [...demoItems, ...otherItems], { source: 'demo-shop' });
  for (const segment of demoSegments) await registerSegment(at(-50), segment);
  for (const content of demoContents) await registerContent(at(-48), content);
  await registerTemplate(at(-48), demoTemplate);
  const [first, second] = offerByHistory(review);
  for (const strategy of [oneOffer, first]) {
    await registerStrategy(at(-47), strategy);
    await activate(at(-46), strategy.name, 1, 'For the campaign that wins customers back.');
  }
  await registerStrategy(at(-10), second);
  await activate(at(-7), second.name, 2, 'Carts that were left are looked at as well.');
}

/** What learns does so from the campaign before it and from visits of those who are not in the one that runs. */
async function seedLearning(at: At): Promise<void> {
  await record(at(0), demoVisits(customers(900), at(-7).clock()));
  await record(at(0), demoBrowsing(customers(2_000), at(-52).clock(), at(0).clock()));
  await takeSnapshot(at(-9));
  const learners = [bestSellers, byTaste, likelyVisitors];
  for (const strategy of [picksByHand, ...learners]) await registerStrategy(at(-9), strategy);
  for (const { name } of learners) await learnStrategy(at(-9), name, { isAlone: true });
  await setRetraining(at(0), likelyVisitors.name, { every: '7d' }, keeper);
}

async function activate(ctx: Context, name: string, version: number, note: string): Promise<void> {
  await changeActivation(ctx, 'activate', name, { version, note }, keeper);
}

async function seedExperiment(ctx: Context, demo: DemoExperiment, now: Date): Promise<void> {
  const then = (at: Date): Context => ({ ...ctx, clock: () => at });
  const { key } = await createExperiment(then(demo.createdAt), demo.draft);
  if (demo.recipients === 0) return;
  await changeStatus(then(demo.createdAt), key, 'start');
  const people = customers(demo.recipients, demo.from);
  const wave = Math.ceil(people.length / demo.enrolledAt.length);
  const events: object[] = [];
  for (const [i, sentAt] of demo.enrolledAt.entries()) {
    const batch = people.slice(i * wave, (i + 1) * wave);
    const answers = await assignRecipients(then(sentAt), key, batch);
    for (const [j, answer] of answers.entries()) {
      const customer = batch[j];
      if (!customer || !('arm' in answer))
        throw new Error(`the demo world could not assign ${JSON.stringify(answer)}`);
      const { arm, messageId } = answer;
      events.push(...demoEvents({ experiment: key, arm, messageId, customer, sentAt }, now));
    }
  }
  await record(ctx, events);
  if (demo.stoppedAt) await changeStatus(then(demo.stoppedAt), key, 'stop');
}

async function record(ctx: Context, events: readonly object[]): Promise<void> {
  for (let i = 0; i < events.length; i += eventsPerCall) {
    const answers = await recordEvents(ctx, events.slice(i, i + eventsPerCall), { source: 'demo-shop' });
    const refused = answers.find((answer) => answer.status === 'refused');
    if (refused) throw new Error(`the demo world posted a bad event: ${JSON.stringify(refused)}`);
  }
}
