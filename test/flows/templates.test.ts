import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/open.js';
import { findTemplate, listTemplates } from '../../src/flows/find-template.js';
import { registerTemplate } from '../../src/flows/register-template.js';
import { withinBudget } from '../../src/flows/within-budget.js';
import { prepareTemplate } from '../../src/strategies/templates/prepare-template.js';
import { engines } from '../../src/strategies/templates/engines.js';
import type { TemplateDefinition } from '../../src/strategies/templates/template.js';
import { testContext, type TestContext } from '../support/context.js';
import { emptyTables, openTestDatabase } from '../support/database.js';

let database: Database;
let ctx: TestContext;
beforeAll(async () => {
  database = await openTestDatabase();
  ctx = testContext(database.knex);
});
afterEach(() => emptyTables(database.knex));
afterAll(() => database.close());

const html = (body: string): string =>
  `<html><body>${body}<a href="https://a.example/unsubscribe">x</a></body></html>`;
const liquid = (body: string, more: object = {}) => ({
  name: 'spring',
  definition: { engine: 'liquid', subject: 'Spring', text: 'Text', html: html(body), tokens: {}, ...more },
});

describe('registerTemplate', () => {
  it('numbers the versions of a name; the same content is the same version', async () => {
    const first = await registerTemplate(ctx, liquid('<p>one</p>'));
    expect(first).toMatchObject({ version: { name: 'spring', version: 1 }, findings: [] });
    expect((await registerTemplate(ctx, liquid('<p>one</p>'))).version).toEqual(first.version);
    expect((await registerTemplate(ctx, liquid('<p>two</p>'))).version.version).toBe(2);
    expect((await findTemplate(ctx, 'spring')).version.version).toBe(2);
    expect((await findTemplate(ctx, 'spring@1')).version).toEqual(first.version);
    expect((await findTemplate(ctx, first.version.hash)).version).toEqual(first.version);
    for (const unknown of ['spring@3', 'summer', 'sha256:00', '', '\0', "x'--"]) {
      await expect(findTemplate(ctx, unknown)).rejects.toMatchObject({ code: 'template_not_found' });
    }
  });

  it('tells everything that is wrong with line and column, and stores nothing', async () => {
    const input = liquid('\n<p>{{ user.a }} {tier1_anchor}</p>\n<script>x</script>', {
      subject: '{{ user.b',
    });
    await expect(registerTemplate(ctx, input)).rejects.toMatchObject({
      code: 'invalid_template',
      problems: [
        {
          path: 'definition.html',
          message: expect.stringMatching(/^line 2, column 7: the token "user.a" is not declared/),
        },
        { path: 'definition.html', message: expect.stringMatching(/^line 2, column 17: \{tier1_anchor\}/) },
        { path: 'definition.html', message: expect.stringMatching(/^line 3, column 1: <script>/) },
        { path: 'definition.subject', message: expect.stringMatching(/^line 1, column 1: .*not closed/) },
      ],
    });
    expect(await listTemplates(ctx)).toEqual([]);
  });

  it('takes conditions in comments', async () => {
    const { version } = await registerTemplate(
      ctx,
      liquid('<!-- IF user.vip --><p>VIP</p><!-- ENDIF -->', { tokens: { 'user.vip': {} } }),
    );
    const { render } = prepared(version.definition, version.compiled);
    expect(render(input({ vip: true })).html).toContain('<p>VIP</p>');
    expect(render(input({})).html).not.toContain('VIP');
  });
});

describe('MJML', () => {
  const mjml = (inner: string): string =>
    `<mjml>\n<mj-body>\n<mj-section><mj-column>${inner}</mj-column></mj-section>\n</mj-body>\n</mjml>`;
  const register = (inner: string, more: object = {}) =>
    registerTemplate(ctx, {
      name: 'm',
      definition: {
        engine: 'liquid',
        subject: 'S',
        text: 'T',
        mjml: mjml(inner),
        tokens: { 'user.a': { default: 'you' } },
        ...more,
      },
    });

  it('becomes HTML once, before anything is known of a recipient', async () => {
    const { version } = await register(
      '<mj-text>Hello {{ user.a }}</mj-text><!-- IF user.a == "Ada" --><mj-button href="https://a.example/unsubscribe">Go</mj-button><!-- ENDIF -->',
    );
    expect(version.compiled.html).toMatch(/<!doctype html>/i);
    const { render } = prepared(version.definition, version.compiled);
    const hostile = render(input({ a: '</mj-text><mj-raw><script>x</script></mj-raw>' }));
    expect(hostile.html).not.toMatch(/<mj-|<script/);
    expect(hostile.links).toEqual([]);
    expect(render(input({ a: 'Ada' })).links).toEqual(['https://a.example/unsubscribe']);
  });

  it.each([
    ['<mj-include path="/etc/passwd" />', 'mj-include is not read here'],
    ['<mj-include path="/etc/passwd" type="html" />', 'mj-include is not read here'],
    ['<mj-nothing>x</mj-nothing>', 'cannot be read as MJML'],
    ['<mj-text>{{ user.b }}</mj-text>', 'the token "user.b" is not declared'],
    ['<mj-raw><script>x</script></mj-raw>', '<script> does not belong'],
    ['<mj-text>{% if user.a %}</mj-text>', 'not closed'],
  ])('refuses %s', async (inner, why) => {
    await expect(register(inner)).rejects.toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining(why) })]),
    });
  });

  it('refuses what is no MJML at all', async () => {
    for (const source of ['<p>x</p>', '<mjml>']) {
      const definition = { engine: 'liquid', subject: 'S', mjml: source, tokens: {} };
      await expect(registerTemplate(ctx, { name: 'm', definition })).rejects.toMatchObject({
        code: 'invalid_template',
      });
    }
  });
});

describe('templates that do not end', () => {
  const items = Array.from({ length: 50 }, (_, i) => ({ title: `T${i}` }));
  const loops = (open: string, close: string, depth: number): string =>
    `${open.repeat(depth)}x${close.repeat(depth)}`;

  it.each([
    ['liquid', loops('{% for a in items %}', '{% endfor %}', 8)],
    ['liquid', '{% for a in (1..1000000000) %}x{% endfor %}'],
    [
      'liquid',
      '{% assign a = "xxxxxxxxxxxxxxxxxxxx" %}' +
        '{% assign a = a | replace: "x", a %}'.repeat(20) +
        '{{ a }}',
    ],
    ['liquid', '{% assign a = "x" %}' + '{% assign a = a | append: a %}'.repeat(60) + '{{ a | size }}'],
    [
      'liquid',
      '{% assign a = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" %}{{ a | split: "" | join: a | split: "" | join: a | split: "" | join: a }}',
    ],
    [
      'liquid',
      '{% for a in (1..100000) %}{% for b in (1..100000) %}{{ b | times: b | append: "x" }}{% endfor %}{% endfor %}',
    ],
    [
      'liquid',
      '{% capture a %}{% for i in (1..1000) %}xxxxxxxxxx{% endfor %}{% endcapture %}{% for i in (1..100000) %}{{ a }}{% endfor %}',
    ],
    ['handlebars', loops('{{#each @root.items}}', '{{/each}}', 8)],
  ] as const)('are ended within their budget: %s %s', (engine, source) => {
    const started = performance.now();
    let done = '';
    withinBudget(
      1,
      200,
      () => {
        try {
          const found = engines[engine].read(source, 'html');
          done =
            'problems' in found
              ? 'refused'
              : found.render({ items }).length > 1_000_000
                ? 'too long'
                : 'rendered';
        } catch {
          done = 'cut off by the engine';
        }
      },
      () => (done = 'cut off by the timer'),
    );
    expect(done).toMatch(/refused|too long|cut off/);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('are refused where to read them takes too long already', async () => {
    const deep = liquid('{% if user.a %}'.repeat(9_000), { tokens: { 'user.a': {} } });
    await expect(registerTemplate(ctx, deep)).rejects.toMatchObject({ code: 'invalid_template' });
    const braces = liquid('{'.repeat(140_000));
    const started = performance.now();
    await registerTemplate(ctx, braces).catch(() => undefined);
    await registerTemplate(ctx, liquid('<a '.repeat(45_000))).catch(() => undefined);
    await registerTemplate(ctx, liquid('<a href="'.repeat(15_000))).catch(() => undefined);
    await registerTemplate(ctx, liquid('<!-- IF '.repeat(17_000))).catch(() => undefined);
    await registerTemplate(ctx, liquid('{{ '.repeat(45_000))).catch(() => undefined);
    await registerTemplate(ctx, liquid('<%'.repeat(70_000))).catch(() => undefined);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

function prepared(
  definition: TemplateDefinition,
  compiled: Parameters<typeof prepareTemplate>[0]['compiled'],
) {
  return prepareTemplate({ engine: definition.engine, tokens: definition.tokens, compiled });
}

function input(traits: Record<string, string | boolean>) {
  return { slots: {}, traits, items: [], messageId: 'm_1' };
}
