import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/open.js';
import { renderFallbackCounts } from '../../src/database/questions/render-fallback-counts.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { recordItems } from '../../src/flows/record-items.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import { loadReport } from '../../src/flows/load-report.js';
import { renderMessages, type RenderedAnswer } from '../../src/flows/render-messages.js';
import { testContext, type TestContext } from '../support/context.js';
import { openTestDatabase } from '../support/database.js';
import { experiment, hello, started, subjects, template } from './templated.js';

let database: Database;
let ctx: TestContext;
beforeAll(async () => {
  database = await openTestDatabase();
  ctx = testContext(database.knex);
  await recordItems(
    ctx,
    [
      {
        item: 'shoe',
        title: 'Red <shoe>',
        price: '19.90',
        currency: 'EUR',
        attributes: { url: 'https://shop.example/shoe' },
      },
      { item: 'coat', title: 'Coat', attributes: { url: 'https://shop.example/coat' } },
      { item: 'trap', title: 'Trap', attributes: { url: 'javascript:alert(1)' } },
    ],
    { source: 'shop' },
  );
  await takeSnapshot(ctx);
});
afterAll(() => database.close());

const rendered = async (key: string, recipients: unknown[]): Promise<RenderedAnswer[]> =>
  (await renderMessages(ctx, key, recipients)) as RenderedAnswer[];

describe('renderMessages', () => {
  it('answers messages in the order of the recipients, with bad rows in their places', async () => {
    const key = await started(ctx, [subjects(await template(ctx, hello))]);
    const answers = await renderMessages(ctx, key, [
      { id: 'ada', traits: { first_name: 'Ada <&> "Bé"' } },
      { id: '' },
      { id: 'bob' },
      7,
      { id: 'ada', traits: { first_name: 'Another' } },
    ]);
    expect(answers[0]).toMatchObject({
      id: 'ada',
      subject: expect.stringMatching(/^(Spring|Ready\?), Ada <&> "Bé"$/),
      html: expect.stringContaining('Hello Ada &lt;&amp;&gt; &#34;Bé&#34;'),
      text: expect.stringContaining('Hello Ada <&> "Bé"'),
      rendered: 'template',
      delivered: 'strategy',
      template: expect.stringMatching(/^t\d+@1$/),
      decisionId: expect.stringMatching(/^d_/),
    });
    const { messageId, links } = answers[0] as RenderedAnswer;
    expect(links).toEqual([`https://shop.example/unsubscribe?m=${messageId}`]);
    expect(answers[1]).toMatchObject({ index: 1, error: { code: 'empty_id' } });
    expect(answers[2]).toMatchObject({ id: 'bob', subject: expect.stringMatching(/, there$/) });
    expect(answers[3]).toMatchObject({ index: 3, error: { code: 'invalid_recipient' } });
    expect(answers[4]).toEqual(answers[0]);
    expect(await rendered(key, [{ id: 'ada' }])).toEqual([answers[0]]);
  });

  it('renders what was decided, with the name as it is now', async () => {
    const key = await started(ctx, [subjects(await template(ctx, hello))]);
    const [before] = await rendered(key, [{ id: 'eve', traits: { first_name: 'Eve' } }]);
    const [after] = await rendered(key, [{ id: 'eve', traits: { first_name: 'Eva' } }]);
    expect(after).toEqual({
      ...before,
      subject: before?.subject.replace('Eve', 'Eva'),
      html: before?.html.replace('Eve', 'Eva'),
      text: before?.text.replace('Eve', 'Eva'),
    });
  });

  it('lets nothing that is known of a recipient become markup, a header or a link', async () => {
    const key = await started(ctx, [subjects(await template(ctx, hello))]);
    const hostile = fc.oneof(
      fc.constantFrom(
        '<script>alert(1)</script>',
        '{{ user.email }}',
        '{% raw %}',
        "' onmouseover='x",
        '"><img src=x>',
        'A\r\nBcc: x@example.com',
        '\u202eevil',
        '{tier1_anchor}',
        '-->',
        '__proto__',
        '<!--',
        '&lt;b&gt;',
      ),
      fc
        .string({ unit: 'binary', maxLength: 40 })
        .filter((text) => text.isWellFormed() && !text.includes('\0')),
    );
    let id = 0;
    await fc.assert(
      fc.asyncProperty(hostile, async (name) => {
        const [answer] = await rendered(key, [{ id: `h${(id += 1)}`, traits: { first_name: name } }]);
        expect(answer?.rendered).toBe('template');
        expect(answer?.subject).not.toMatch(/[\r\n\u2028\u0085]/);
        const tags = answer?.html.match(/<[^>]*>/g) ?? [];
        expect(tags.map((tag) => tag.split(' ')[0])).toEqual([
          '<html>',
          '<body>',
          '<p>',
          '</p>',
          '<a',
          '</a>',
          '</body>',
          '</html>',
        ]);
        expect(answer?.links).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
  });

  it('falls back where it cannot render, counts that once, and never answers an error or a blank', async () => {
    const reference = await template(
      ctx,
      `${hello}{% if user.page %}<a href="{{ user.page }}">x</a>{% endif %}`,
      {
        tokens: { 'user.first_name': { default: 'there' }, 'user.page': { sample: 'https://shop.example' } },
      },
    );
    const key = await started(ctx, [subjects(reference)]);
    const bad = { id: 'mallory', traits: { first_name: 'Mal', page: 'javascript:alert(1)' } };
    const [answer] = await rendered(key, [bad]);
    expect(answer).toMatchObject({
      rendered: 'defaults',
      renderReason: expect.stringContaining('a link leads to something other than http'),
      subject: expect.stringMatching(/, there$/),
    });
    expect(answer?.html).not.toContain('javascript');
    expect(await rendered(key, [bad])).toEqual([answer]);
    const counts = await renderFallbackCounts(ctx.db, key);
    expect(counts).toEqual([
      {
        arm: answer?.arm === 'plain' ? 0 : 1,
        rendered: 'defaults',
        reason: answer?.renderReason,
        messages: 1,
      },
    ]);
    const { delivery } = await loadReport(ctx, key);
    expect(delivery?.arms.find(({ arm }) => arm === answer?.arm)).toMatchObject({
      delivered: 1,
      fallbacks: [],
      rendered: [{ instead: 'defaults', reason: answer?.renderReason, messages: 1 }],
      blanks: { choices: 0, messages: 0 },
    });
  });

  it('cuts off a template that does not end for one recipient, and goes on with the others', async () => {
    const reference = await template(
      ctx,
      `${hello}{% if user.rows %}{% assign n = user.rows | plus: 0 %}{% for a in (1..n) %}{% for b in (1..n) %}{% for c in (1..n) %}x{% endfor %}{% endfor %}{% endfor %}{% endif %}`,
      { tokens: { 'user.first_name': { default: 'there' }, 'user.rows': { sample: 2 } } },
    );
    const key = await started(ctx, [subjects(reference)]);
    const people = [{ id: 'a' }, { id: 'slow', traits: { rows: 1_000 } }, { id: 'c', traits: { rows: 2 } }];
    const begun = performance.now();
    const answers = await rendered(key, people);
    expect(answers.map((answer) => answer.rendered)).toEqual(['template', 'defaults', 'template']);
    expect(answers[1]?.renderReason).toMatch(/too long/);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('shows recommended items from the pinned catalogue, and falls back where one cannot be shown', async () => {
    const body = `${hello}<ul>{% for item in items %}<li><a href="{{ item.url }}">{{ item.title }}</a>{% if item.price %} {{ item.price }} {{ item.currency }}{% endif %}</li>{% endfor %}</ul>`;
    const reference = await template(ctx, body, { linksMayDiffer: true });
    const strategy = { kind: 'popular', slots: { subject: 'For you' }, items: 2 };
    await registerStrategy(ctx, { name: 'best', definition: strategy });
    const buy = (id: string, item: string) => ({
      id,
      type: 'purchase',
      recipient: id,
      item,
      value: '9.00',
      currency: 'EUR',
      at: '2026-02-20T09:00:00Z',
    });
    await recordEvents(ctx, [buy('e1', 'shoe'), buy('e2', 'shoe'), buy('e3', 'coat')]);
    await learnStrategy(ctx, 'best@1');
    const levels = [
      { key: 'best', strategy: 'best@1', fallback: { subject: 'Fallback' } },
      { key: 'fixed', strategy: { kind: 'static', slots: { subject: 'Fixed' } } },
    ];
    const key = await started(ctx, [{ key: 'strategy', levels }], { template: reference });
    const people = Array.from({ length: 12 }, (_, i) => ({ id: `p${i}` }));
    const [answer] = (await rendered(key, people)).filter(({ arm }) => arm === 'best');
    expect(answer?.html).toContain(
      '<ul><li><a href="https://shop.example/shoe">Red &lt;shoe&gt;</a> 19.90 EUR</li><li><a href="https://shop.example/coat">Coat</a></li></ul>',
    );
    // Dearer now, and somewhere else: the experiment keeps to what it was pinned to.
    await recordItems(ctx, [{ item: 'shoe', title: 'New', price: '99.00', currency: 'EUR' }], {
      source: 'shop',
    });
    expect((await rendered(key, people)).find(({ id }) => id === answer?.id)).toEqual(answer);
    // Everybody would be shown an item whose address no link may lead to, sample recipients as well.
    await recordEvents(
      ctx,
      [1, 2, 3].map((n) => buy(`t${n}`, 'trap')),
    );
    await learnStrategy(ctx, 'best@1');
    const trapped = await experiment(ctx, [{ key: 'strategy', levels }], { template: reference });
    await expect(changeStatus(ctx, trapped, 'start')).rejects.toMatchObject({ code: 'not_ready' });
  });

  it('renders the fallback where the content of the strategy cannot be rendered', async () => {
    const reference = await template(ctx, `${hello}<a href="{{ slots.page }}">x</a>`, {
      linksMayDiffer: true,
    });
    const slots = (page: string) => ({ subject: 'S', page });
    const rules = {
      kind: 'rules',
      rules: [
        { id: 'odd', when: { trait: 'odd', op: 'eq', value: true }, slots: slots('javascript:alert(1)') },
      ],
      default: slots('https://shop.example/rules'),
    };
    const levels = [
      {
        key: 'ruled',
        strategy: rules,
        fallback: { subject: 'Fallback', page: 'https://shop.example/fallback' },
      },
      { key: 'fixed', strategy: { kind: 'static', slots: slots('https://shop.example/fixed') } },
    ];
    const key = await started(ctx, [{ key: 'strategy', levels }], { template: reference });
    const people = Array.from({ length: 12 }, (_, i) => ({
      id: `q${i}`,
      traits: { odd: true, first_name: 'Ada' },
    }));
    const answers = (await rendered(key, people)).filter(({ arm }) => arm === 'ruled');
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) {
      expect(answer).toMatchObject({ rendered: 'fallback', subject: 'Fallback, Ada' });
      expect(answer.links[0]).toBe('https://shop.example/fallback');
    }
    expect(await renderFallbackCounts(ctx.db, key)).toMatchObject([
      { arm: 0, rendered: 'fallback', messages: answers.length },
    ]);
  });

  it('needs a template', async () => {
    const key = await started(ctx, [subjects()]);
    await expect(renderMessages(ctx, key, [{ id: 'a' }])).rejects.toMatchObject({ code: 'no_template' });
  });
});
