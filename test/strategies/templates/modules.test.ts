import { describe, expect, it } from 'vitest';
import { engines } from '../../../src/strategies/templates/engines.js';
import { markModules, shownModules } from '../../../src/strategies/templates/modules.js';
import type { EngineName } from '../../../src/strategies/templates/template.js';

const liquid =
  '<p>{% if user.a == "x" %}A{% elsif user.b %}B {{ user.b }}{% else %}C{% endif %}</p>\n{% unless user.c %}D{% endunless %}' +
  '{% case user.d %}{% when "gold" %}E{% when "silver", "tin" %}F{% else %}G{% endcase %}' +
  '{% for item in items %}{{ item.title }}{% if item.price %}!{% endif %}{% endfor %}' +
  '{% comment %}{% if x %}{% endif %}{% endcomment %}{% raw %}{% if y %}{% endif %}{% endraw %}';
const handlebars =
  '<p>{{#if user.a}}A{{else if user.b}}B {{user.b}}{{else}}C{{/if}}</p>\n{{#unless user.c}}D{{/unless}}' +
  '{{#each items as |item|}}{{item.title}}{{#if item.price}}!{{/if}}{{else}}none{{/each}}{{!-- {{#if x}} --}}';

const labels: Readonly<Record<EngineName, readonly string[]>> = {
  liquid: [
    'if user.a == "x"',
    'if user.b',
    'else of if user.a == "x"',
    'unless user.c',
    'case user.d is "gold"',
    'case user.d is "silver", "tin"',
    'else of case user.d',
    'for item in items',
    'if item.price',
  ],
  handlebars: [
    'if user.a',
    'if user.b',
    'else of if user.a',
    'unless user.c',
    'each items',
    'if item.price',
    'else of each items',
  ],
};

function shown(engine: EngineName, source: string, context: object): string[] {
  const { modules, source: marked } = markModules(source, engine);
  const read = engines[engine].read(marked, 'html');
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return shownModules(read.render(context)).map(({ module, html }) => `${modules[module]?.label}: ${html}`);
}

describe.each([
  ['liquid', liquid],
  ['handlebars', handlebars],
] as const)('blocks of %s', (engine, source) => {
  it('are found in order, and nothing else of the source is changed', () => {
    const { modules, source: marked } = markModules(source, engine);
    expect(modules.map(({ label }) => label)).toEqual(labels[engine]);
    expect(marked.replace(/\uE002\d+;|\uE003/g, '')).toBe(source);
    expect(modules.find(({ label }) => label.startsWith('unless'))).toMatchObject({ line: 2, prints: false });
    expect(modules.find(({ label }) => label === 'if user.b')).toMatchObject({ line: 1, prints: true });
  });

  it('say which branch was taken, and what stands in it', () => {
    const user = { a: null, b: 'b', c: true, d: 'tin' };
    const said = shown(engine, source, {
      user,
      items: [
        { title: 'T', price: '1' },
        { title: 'U', price: null },
      ],
    });
    expect(said).toContain('if user.b: B b');
    expect(said).toContain('if item.price: !');
    expect(said.filter((one) => /items: /.test(one)).map((one) => one.replace(/.*: /, ''))).toEqual([
      'T!',
      'U',
    ]);
    expect(said.some((one) => one.startsWith('unless'))).toBe(false);
    if (engine === 'liquid') expect(said).toContain('case user.d is "silver", "tin": F');
  });
});
