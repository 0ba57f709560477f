import request from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listModels } from '../../src/flows/find-models.js';
import { listRetraining } from '../../src/flows/keep-learning.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { askToLearn, listRuns } from '../../src/flows/run-learning.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import { popularKind } from '../../src/strategies/popular.js';
import type { StrategyKind } from '../../src/strategies/strategy.js';
import { fillShop, popular } from '../flows/shop.js';
import { emptyTables } from '../support/database.js';
import { type Harness, openHarness } from './web-harness.js';

/** The page of a strategy that learns: how it stands, learn now, learn again by itself. */

const kind = popularKind as unknown as {
  -readonly [K in keyof StrategyKind<unknown>]: StrategyKind<unknown>[K];
};
const learn = kind.learn;
const path = '/strategies/best-sellers';

let h: Harness;
let admin: { cookie: string; csrf: string };
beforeAll(async () => {
  h = await openHarness();
});
afterAll(() => h.database.close());
beforeEach(async () => {
  await emptyTables(h.database.knex);
  admin = await h.signIn('admin');
  await fillShop(h.ctx, 30);
  await registerStrategy(h.ctx, { name: 'best-sellers', definition: popular });
});
afterEach(() => {
  kind.learn = learn;
});

const see = async (session = admin): Promise<string> =>
  (await request(h.app).get(path).set('Cookie', session.cookie)).text;

describe('the page of a strategy that learns', () => {
  it('lets it learn now, and shows the model that came of it', async () => {
    await takeSnapshot(h.ctx);
    expect(await see()).toContain('none yet: an experiment can start with this version once it has learned');
    const answer = await h.submit(`${path}/learn`, admin, { version: '1' });
    expect([answer.status, answer.get('Location')]).toEqual([303, `${path}?version=1#learning`]);
    const page = await see();
    expect(page).toContain('href="/models/best-sellers/1"');
    expect(page).toMatch(/asked for by <bdi>A admin<\/bdi>\. <bdi>best-sellers\/1 was promoted/);
  });

  it('says why the last learning failed, and that the model in use stays', async () => {
    await takeSnapshot(h.ctx);
    await h.submit(`${path}/learn`, admin);
    kind.learn = () => ({ refused: true, code: 'too_few', reason: 'Nobody bought <anything>.' });
    expect((await h.submit(`${path}/learn`, admin)).status).toBe(303);
    const page = await see();
    expect(page).toMatch(
      /The last learning failed[^]*Nobody bought &lt;anything&gt;\. The model in use is as it was\./,
    );
    expect(page).toContain('href="/models/best-sellers/1"');
    expect((await listModels(h.ctx)).map(({ id, inUse }) => [id, inUse])).toEqual([['best-sellers/1', true]]);
  });

  it('shows what goes on and how far it is, and lets an admin end it', async () => {
    await takeSnapshot(h.ctx);
    const run = await askToLearn(h.ctx, 'best-sellers', {}, 'Ana');
    expect(await see()).toMatch(
      /Waiting for its turn<\/strong>: <bdi>waiting for its turn<\/bdi>\. Asked for by <bdi>Ana/,
    );
    await h.database.knex('learning_runs').update({ status: 'running', step: 'reading <b>', share: 0.42 });
    expect(await see()).toMatch(/Learning now<\/strong>: <bdi>reading &lt;b&gt;<\/bdi>, 42 %/);
    expect(await see()).toContain(`action="/learning-runs/${run.id}/stop"`);
    const analyst = await see(await h.signIn('analyst'));
    expect(analyst).toContain('Learning now');
    expect(analyst).not.toContain('<button class="link" type="submit">End it');
    expect(analyst).not.toContain('Learn now</button>');
  });

  it('refuses what cannot be learned, with the way on, and starts nothing', async () => {
    const noSnapshot = await h.submit(`${path}/learn`, admin);
    expect(noSnapshot.status).toBe(409);
    expect(noSnapshot.text).toContain('There is no snapshot of the catalogue to learn from');
    await takeSnapshot(h.ctx);
    for (const version of ['7', '1@1', 'x'])
      expect((await h.submit(`${path}/learn`, admin, { version })).status).toBe(404);
    expect((await h.submit(`${path}/learn`, { ...admin, csrf: 'wrong' })).text).toContain(
      'This form has expired',
    );
    expect((await h.submit(`${path}/learn`, await h.signIn('analyst'))).status).toBe(403);
    expect((await h.submit('/strategies/nobody/learn', admin)).status).toBe(404);
    expect(await listRuns(h.ctx)).toEqual([]);
  });

  it('sets and takes back when it learns again by itself', async () => {
    const every = async () => (await listRetraining(h.ctx)).map((one) => [one.every, one.at, one.setBy]);
    expect((await h.submit(`${path}/retraining`, admin, { every: '7d', at: '04:15' })).status).toBe(303);
    expect(await every()).toEqual([['7d', '04:15', 'A admin']]);
    expect(await see()).toMatch(/every 7d at 04:15 UTC, next <time[^>]*>2026-03-02 04:15/);
    const wrong = await h.submit(`${path}/retraining`, admin, { every: '7d', at: '25:00' });
    expect([wrong.status, wrong.text.includes('write a time of the day in UTC as 03:30')]).toEqual([
      422,
      true,
    ]);
    expect((await h.submit(`${path}/retraining`, { ...admin, csrf: '' }, { every: '' })).text).toContain(
      'This form has expired',
    );
    expect((await h.submit(`${path}/retraining`, await h.signIn('analyst'), { every: '' })).status).toBe(403);
    expect(await every()).toEqual([['7d', '04:15', 'A admin']]);
    expect((await h.submit(`${path}/retraining`, admin, { every: '', at: '04:15' })).status).toBe(303);
    expect(await every()).toEqual([]);
  });

  it('offers an interval that was set elsewhere, so that the form does not change it', async () => {
    const key = await h.bearer('admin');
    const send = (body: object) =>
      request(h.app).post('/v1/strategies/best-sellers/retraining').set(key).send(body);
    expect((await send({ every: '9d' })).status).toBe(200);
    expect(await see()).toContain('<option value="9d" selected>every 9 days</option>');
    const reader = await h.bearer('analyst');
    const read = await request(h.app).get('/v1/strategies/best-sellers/retraining').set(reader);
    expect(read.body).toMatchObject({ retraining: { every: '9d', at: '03:30' } });
    expect((await request(h.app).get('/v1/strategies/nobody/retraining').set(reader)).status).toBe(404);
    await send({ every: null });
    const none = await request(h.app).get('/v1/strategies/best-sellers/retraining').set(reader);
    expect(none.body).toEqual({ retraining: null });
  });

  it('of a kind that learns nothing has none of this', async () => {
    await registerStrategy(h.ctx, {
      name: 'same',
      definition: { kind: 'static', slots: { headline: 'Hi' } },
    });
    const page = await request(h.app).get('/strategies/same').set('Cookie', admin.cookie);
    expect(page.text).not.toContain('id="learning"');
    expect((await h.submit('/strategies/same/learn', admin)).text).toContain('which learns nothing');
    expect((await h.submit('/strategies/same/retraining', admin, { every: '1d' })).status).toBe(422);
  });

  it('shows what levels decide, and the fields of what has none', async () => {
    const levels = [{ atLeast: 0.5, slots: { headline: 'High' } }];
    const definition = { kind: 'propensity', outcome: { event: 'view' }, horizon: '7d', levels };
    await registerStrategy(h.ctx, { name: 'visits', definition });
    const page = (await request(h.app).get('/strategies/visits').set('Cookie', admin.cookie)).text;
    expect(page).toMatch(/at least 0\.5[^]*headline: High[^]*below every level/);
    expect(await see()).not.toContain('class="drawing-picture');
    expect(await see()).toContain('items: 2');
    expect(await see()).toContain('headline: Picked for you');
  });
});

describe('the page that follows a learning', () => {
  const get = (of: string, session = admin) => request(h.app).get(of).set('Cookie', session.cookie);
  const learnLater = async (): Promise<void> => {
    h.ctx.setTime(new Date(h.ctx.clock().getTime() + 1_000).toISOString());
    await h.submit(`${path}/learn`, admin);
  };
  const alter = (change: object) => h.database.knex('learning_runs').update(change);

  it('is where a person is taken whose learning does not end at once', async () => {
    await takeSnapshot(h.ctx);
    const other = await askToLearn(h.ctx, 'best-sellers', {}, 'Bo');
    await alter({ status: 'running', seen_at: h.ctx.clock() });
    const answer = await h.submit(`${path}/learn`, admin, { version: '1' });
    const runs = (await listRuns(h.ctx)).filter(({ id }) => id !== other.id);
    expect(runs).toMatchObject([{ status: 'waiting', askedBy: 'A admin' }]);
    expect([answer.status, answer.get('Location')]).toEqual([303, `/learning-runs/${runs[0]!.id}`]);
    expect(await see()).toContain(`<a href="/learning-runs/${runs[0]!.id}">Follow it</a>`);
  });

  it('shows how far it is, in a part that a script fetches again, and by a link without one', async () => {
    await takeSnapshot(h.ctx);
    const run = await askToLearn(h.ctx, 'best-sellers', {}, '<b>Ana');
    const at = `/learning-runs/${run.id}`;
    expect((await get(at)).text).toMatch(/<strong>Waiting for its turn<\/strong><\/p>/);
    await alter({ status: 'running', step: 'reading <b>', share: 0.42 });
    const page = (await get(at)).text;
    expect(page).toContain(`<a href="${at}">Look again</a>`);
    expect(page).toContain(`data-live="${at}/live"`);
    expect(page).toContain('aria-live="polite" data-live-says');
    expect(page).toContain('Asked for by <bdi>&lt;b&gt;Ana</bdi>');
    expect(page).toMatch(/<bdi>reading &lt;b&gt;<\/bdi>, 42 % of this step <progress max="1" value="0.42"/);
    expect(page).toContain(`action="${at}/stop"`);
    const part = (await get(`${at}/live`)).text;
    expect(part).toContain('data-says="Learning now: reading &lt;b&gt;."');
    expect(part).not.toMatch(/<html|data-ended/);
    const analyst = (await get(at, await h.signIn('analyst'))).text;
    expect(analyst).toContain('Learning now');
    expect(analyst).not.toContain('End it');
  });

  it('says how it ended: with the model and whether it was promoted, or why there is none', async () => {
    await takeSnapshot(h.ctx);
    await learnLater();
    const [first] = await listRuns(h.ctx);
    const page = (await get(`/learning-runs/${first!.id}`)).text;
    expect(page).toMatch(/It has learned<\/strong>[^]*best-sellers\/1 was promoted\. It is the first model/);
    expect(page).toContain('<a href="/models/best-sellers/1">Look at the model best-sellers/1</a>');
    expect(page).toContain(`<a href="${path}?version=1#learning">Back to the strategy</a>`);
    expect(page).not.toMatch(/live\.js|Look again|End it/);
    await learnLater();
    const [second] = await listRuns(h.ctx);
    expect((await get(`/learning-runs/${second!.id}/live`)).text).toMatch(/data-ended[^]*best-sellers\/2 was (promoted|kept beside the one in use)\. [A-Z]/); // prettier-ignore
    kind.learn = () => ({ refused: true, code: 'too_few', reason: 'Nobody bought <anything>.' });
    await learnLater();
    const [third] = await listRuns(h.ctx);
    const failed = (await get(`/learning-runs/${third!.id}`)).text;
    expect(failed).toMatch(/The learning failed<\/strong>[^]*Nobody bought &lt;anything&gt;\. The model in use is as it was/); // prettier-ignore
    expect(failed).not.toContain('Look at the model');
  });

  it('lets an admin end it, shows that, and takes an end that comes too late for what was wanted', async () => {
    await takeSnapshot(h.ctx);
    const run = await askToLearn(h.ctx, 'best-sellers', {}, 'Ana');
    const at = `/learning-runs/${run.id}`;
    const stop = () => h.submit(`${at}/stop`, admin);
    expect([(await stop()).status, (await stop()).get('Location')]).toEqual([303, at]);
    const ended = (await get(at)).text;
    expect(ended).toContain('The learning was ended before it was done</strong>');
    expect(ended).toContain('A admin');
    expect(await listModels(h.ctx)).toEqual([]);
    expect((await h.submit(`${at}/stop`, await h.signIn('analyst'))).status).toBe(403);
    for (const nothing of ['/learning-runs/nobody', '/learning-runs/no%00body', '/learning-runs/nobody/live'])
      expect((await get(nothing)).status).toBe(404);
  });
});
