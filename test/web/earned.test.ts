import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { popular } from '../flows/shop.js';
import { openHarness, type Harness } from './web-harness.js';

/** What a strategy would have earned on logged decisions, alone and beside another one, on its page. */

let h: Harness;
let cookie: string;

const fixed = (subject: string) => ({ kind: 'static', slots: { subject } });
const byCountry = (austria: string, others: string) => ({
  kind: 'rules',
  rules: [{ id: 'at', when: { trait: 'country', op: 'eq', value: 'AT' }, slots: { subject: austria } }],
  default: { subject: others },
});
const draft = {
  ...{ key: 'earning', title: 'Spring <1>', hypothesis: 'h', salt: 's', window: '1d' },
  metrics: [
    { use: 'conversion', role: 'primary' },
    { key: 'calls', type: 'mean', event: 'clicked', count: 'events', direction: 'decrease' },
  ],
  factors: [
    {
      key: 'strategy',
      levels: [
        { key: 'a', strategy: fixed('Hello') },
        { key: 'b', strategy: fixed('Servus') },
      ],
    },
  ],
};

/** Austrians convert after Servus and the others after Hello, 3 of 4, else 1 of 4; and click where they convert. */
beforeAll(async () => {
  h = await openHarness();
  ({ cookie } = await h.signIn('analyst'));
  const key = await h.bearer('admin');
  const post = (path: string, body: object) => request(h.app).post(path).set(key).send(body);
  expect((await post('/v1/experiments', draft)).status).toBe(201);
  expect((await post('/v1/experiments/earning/start', {})).status).toBe(200);
  for (const [name, definition] of [
    ['tastes', byCountry('Servus', 'Hello')],
    ['contrary', byCountry('Hello', 'Servus')],
    ['tastes-too', { ...byCountry('Servus', 'Hello'), purpose: 'The same in other words' }],
    ['books', fixed('Books')],
    ['best-sellers', popular],
  ] as const)
    await registerStrategy(h.ctx, { name, definition });
  await registerStrategy(h.ctx, { name: 'tastes', definition: byCountry('Servus', 'Servus') });
  const people = Array.from({ length: 600 }, (_, i) => ({ id: `e${i}`, traits: { country: i % 2 === 0 ? 'AT' : 'DE' } })); // prettier-ignore
  const answers = await assignRecipients(h.ctx, 'earning', people);
  const at = new Date(h.ctx.clock().getTime() + 60_000).toISOString();
  const events = answers.flatMap((answer, i) => {
    const liked = 'content' in answer && answer.content.subject === (i % 2 === 0 ? 'Servus' : 'Hello');
    const about = { experiment: 'earning', recipient: `e${i}`, at };
    const comes = (i >> 1) % 4 < (liked ? 3 : 1);
    return comes ? [{ id: `c${i}`, type: 'converted', ...about }, { id: `k${i}`, type: 'clicked', class: 'human', ...about }] : []; // prettier-ignore
  });
  h.ctx.setTime(new Date(Date.parse(at) + 60_000).toISOString());
  await recordEvents(h.ctx, events);
  h.ctx.setTime(new Date(Date.parse(at) + 9 * 86_400_000).toISOString());
});
afterAll(() => h.database.close());

/** The section of the page. */
async function see(name: string, query: string): Promise<string> {
  const answer = await request(h.app).get(`/strategies/${name}?${query}`).set('Cookie', cookie);
  expect(answer.status).toBe(200);
  return /<section aria-labelledby="earned">[^]*?<\/section>/.exec(answer.text)?.[0] ?? '';
}

describe('what a strategy would have earned', () => {
  it('is asked for on its page, and shown by every estimator with its weights, or refused in words', async () => {
    const text = await see('tastes', 'version=1&earned=earning+conversion');
    expect(text).toContain('Spring &lt;1&gt;');
    for (const name of ['snips', 'ips', 'dr'])
      expect(text).toMatch(
        new RegExp(`${name}<span class="sub">[^<]+</span></th><td class="number">7\\d(\\.\\d)?%`),
      );
    expect(text).toMatch(/<dt>Largest weight<\/dt><dd>2\.00</);
    expect(text).toContain('It is no verdict');
    expect(text).not.toContain('Difference');
    const refused = await see('books', 'version=1&earned=earning+conversion');
    expect(refused).toMatch(/<td>In 600 of 600 decisions the policy would do what had no chance/);
    expect(await see('books', 'earned=nothing+at%00all&against=nobody@9')).not.toContain('<table');
  });
});

describe('two strategies on the same decisions', () => {
  const ask = (name: string, against: string, more = 'version=1&earned=earning+conversion') =>
    see(name, `${more}&against=${encodeURIComponent(against)}`);

  it('are offered as versions of this and of other strategies, with their status, but not the one shown', async () => {
    const text = await see('tastes', 'version=1');
    const offered = [...text.matchAll(/<option value="([^"]*@[^"]*)"/g)].map(([, value]) => value);
    expect(offered[0]).toBe('tastes@2');
    expect(offered).toEqual(expect.arrayContaining(['contrary@1', 'books@1', 'earning.a@1', 'earning.b@1']));
    expect(offered).not.toContain('tastes@1');
    expect(text).toContain('<option value="" selected>');
  });

  it('are shown by each estimator with the paired difference, what they rest on, and which one is better', async () => {
    const text = await ask('tastes', 'contrary@1');
    expect(text).toMatch(/On this log tastes@1 is shown to do better than contrary@1: \+(4\d|5\d)(\.\d)?\spp for each recipient by ips \(95 % interval \+3\d/); // prettier-ignore
    expect(text).toContain(
      'In 600 of 600 decisions only one of the two would have delivered what was delivered.',
    );
    const figure = '<td class="number">[^<]*\\d[^<]*<span class="sub">[^<]* to [^<]*</span></td>';
    for (const name of ['snips', 'ips', 'dr'])
      expect(text).toMatch(new RegExp(`<th scope="row">${name}<span class="sub">[^<]+</span></th>${figure.repeat(3)}</tr>`)); // prettier-ignore
    for (const of of ['tastes@1', 'contrary@1'])
      expect(text).toMatch(new RegExp(`<th scope="row">${of}</th><td class="number">\\d+</td>`));
    expect(text).toContain('<option value="contrary@1" selected>');
    expect(text).toMatch(/snips<span class="sub">[^<]+<\/span><\/th><td class="number">\+[^]*?<td class="number">7\d[^]*?<td class="number">2\d/); // prettier-ignore
    expect(await ask('contrary', 'tastes@1')).toMatch(/contrary@1 is shown to do worse than tastes@1: −/);
  });

  it('are judged by which way the metric is better', async () => {
    const text = await ask('tastes', 'contrary@1', 'version=1&earned=earning+calls');
    expect(text).toMatch(/tastes@1 is shown to do worse than contrary@1: \+0\.\d+ for each recipient/);
  });

  it('are not told apart where they deliver alike, or where chance may have made the difference', async () => {
    expect(await ask('tastes', 'tastes-too@1')).toContain(
      'In each of 600 decisions, both or neither would have delivered what was delivered: this log shows no difference between tastes@1 and tastes-too@1.',
    );
    // Servus for all and Hello for all: each is right for one half.
    expect(await ask('tastes', 'earning.a@1', 'version=2&earned=earning+conversion')).toMatch(
      /Neither tastes@2 nor earning\.a@1 is shown to be better: the interval of the difference includes 0; [+−]\d/,
    );
  });

  it('are refused in words that say of which one, beside what is known of the other', async () => {
    const text = await ask('tastes', 'books@1');
    expect(text).toContain('Not known which of the two is better. Of books@1: In 600 of 600 decisions the policy would do what had no chance'); // prettier-ignore
    expect(text).toMatch(/snips<span class="sub">[^<]+<\/span><\/th><td class="number">–<\/td><td class="number">7\d[^]*?<\/td><td class="number">–<\/td><\/tr>/); // prettier-ignore
    expect(text).toMatch(/<th scope="row">books@1<\/th><td colspan="4" class="prose">Refused: In 600 of 600/);
  });

  it('are refused beside the choice where the other one has learned nothing yet', async () => {
    const text = await ask('tastes', 'best-sellers@1');
    expect(text).toMatch(
      /id="f-against-error">&#34;best-sellers@1&#34; has no model in use: let it learn first/,
    );
    expect(text).not.toContain('id="f-earned-error"');
    const own = await ask('best-sellers', 'tastes@1');
    expect(own).toContain('id="f-earned-error"');
    expect(own).not.toContain('id="f-against-error"');
  });
});
