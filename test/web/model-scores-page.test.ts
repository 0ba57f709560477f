import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepScores } from '../../src/flows/keep-scores.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { shopLog } from '../strategies/ml/shop-world.js';
import { openHarness, type Harness } from './web-harness.js';

let h: Harness;
beforeAll(async () => {
  h = await openHarness();
  const { histories } = shopLog(120, 'shop', h.ctx.clock());
  await recordEvents(
    h.ctx,
    [...histories].flatMap(([recipient, history]) =>
      history
        .filter(({ type }) => type === 'purchase')
        .map(({ id, type, at, item }) => ({ id, type, recipient, item, at: new Date(at).toISOString() })),
    ),
  );
  const model = { estimator: 'logistic', features: ['recency_days', 'count(purchase, 30d)'] };
  const levels = [{ atLeast: 0, slots: { subject: 'Hello' } }];
  const definition = { kind: 'churn', horizon: '14d', active: '60d', model, levels };
  await registerStrategy(h.ctx, { name: 'stays', definition });
  await learnStrategy(h.ctx, 'stays');
});
afterAll(() => h.database.close());

it('says how many have a score that is kept, and how old it is', async () => {
  const session = await h.signIn('analyst');
  const page = async () => (await request(h.app).get('/models/stays/1').set('Cookie', session.cookie)).text;
  expect(await page()).toMatch(/Scores kept<\/dt><dd>none yet: .*score_stays/);
  const midnight = new Date(Math.floor(h.ctx.clock().getTime() / 86_400_000) * 86_400_000);
  const kept = await keepScores(h.ctx, 'stays');
  expect(kept.scored).toBeLessThan(kept.recipients);
  const text = await page();
  const share = ((100 * kept.scored) / kept.recipients).toFixed(1);
  expect(text).toContain(`${kept.scored} of ${kept.recipients} recipients (${share}`);
  expect(text).toContain(`as of <time datetime="${midnight.toISOString()}">`);
  expect(text).not.toContain('the oldest as of');
});
