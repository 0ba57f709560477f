import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withCommentConditionals } from '../../../src/strategies/templates/comment-conditionals.js';
import type { Mode } from '../../../src/strategies/templates/engine.js';
import { engines } from '../../../src/strategies/templates/engines.js';
import type { EngineName } from '../../../src/strategies/templates/template.js';

function read(engine: EngineName, source: string, mode: Mode = 'html') {
  const found = engines[engine].read(source, mode);
  if ('problems' in found) throw new Error(found.problems.map(({ code }) => code).join(' '));
  return found;
}
const codes = (engine: EngineName, source: string): string[] => {
  const found = engines[engine].read(source, 'html');
  return 'problems' in found ? found.problems.map(({ code }) => code) : [];
};

describe('Liquid', () => {
  it('escapes what it prints in HTML, and nothing in a text', () => {
    const context = { user: { name: `<b>"'&` } };
    expect(read('liquid', '{{ user.name }}').render(context)).toBe('&lt;b&gt;&#34;&#39;&amp;');
    expect(read('liquid', '{{ user.name }}', 'text').render(context)).toBe(`<b>"'&`);
    expect(read('liquid', '{{ slots.a | raw }}').render({ slots: { a: '<b>' } })).toBe('<b>');
  });

  it.each([
    '{% include "x" %}',
    '{% render "/etc/passwd" %}',
    '{% layout "x" %}',
    '{% liquid echo user.a %}',
    '{% increment x %}',
    '{% tablerow x in items %}{% endtablerow %}',
  ])('has no tag for %s', (source) => expect(codes('liquid', source)).toEqual(['unknown_tag']));

  it.each([
    'json',
    'inspect',
    'where_exp',
    'sample',
    'escape',
    'group_by_exp',
    'find_exp',
    'sha256',
    'newline_to_br',
  ])('has no filter %s', (filter) =>
    expect(codes('liquid', `{{ user.a | ${filter} }}`)).toEqual(['unknown_filter']),
  );

  it.each([
    ['{{ user.a', 'unclosed'],
    ['{% if user.a %}x', 'unclosed'],
    ['x {% endif %}', 'unopened'],
    ['{% if user.a == “b” %}x{% endif %}', 'invalid_syntax'],
    ['{{ user[user.k] }}', 'dynamic_name'],
    ['{{ slots.a | append: user.b | raw }}', 'raw_filter'],
    ['{{ user.a | raw }}', 'raw_filter'],
    ['{% for i in items %}{{ i.title | raw }}{% endfor %}', 'raw_filter'],
    ['{% assign slots = user %}{{ slots.a | raw }}', 'taken_name'],
    ['{% for slots in items %}{{ slots.title | raw }}{% endfor %}', 'taken_name'],
    ['{% capture user %}x{% endcapture %}', 'taken_name'],
  ])('refuses %s as %s', (source, code) => expect(codes('liquid', source)).toContain(code));

  it('says where', () => {
    const found = engines.liquid.read('a\n  {% if user.a %}', 'html');
    expect(found).toMatchObject({ problems: [{ line: 2, column: 3 }] });
  });

  it('reads neither clock nor machine: the same time is the same text anywhere', () => {
    const date = read('liquid', '{{ user.at | date: "%Y-%m-%d %H:%M %B" }}');
    expect(date.render({ user: { at: '2026-07-01T23:30:00Z' } })).toBe('2026-07-01 23:30 July');
    for (const word of ['now', 'today']) expect(date.render({ user: { at: word } })).toBe(word);
    expect(read('liquid', "{{ 'now' | date: '%Y' }}").render({})).toBe('now');
  });

  it('knows which values it prints without asking for them', () => {
    const uses = read(
      'liquid',
      '{{ user.a }}{% if user.b %}{{ user.b }}{{ user.c }}{% endif %}{{ user.d | default: "x" }}{% for i in items %}{{ i.badge }}{% endfor %}',
    );
    const bare = uses.uses.filter((use) => use.bare).map(({ path }) => path.join('.'));
    expect(bare.sort()).toEqual(['user.a', 'user.c']);
    expect(uses.itemFields).toContain('badge');
  });
});

describe('Handlebars', () => {
  it('escapes what it prints in HTML, and nothing in a text', () => {
    const context = { user: { name: `<b>"'&` } };
    expect(read('handlebars', '{{user.name}}').render(context)).toBe('&lt;b&gt;&quot;&#x27;&amp;');
    expect(read('handlebars', '{{user.name}}', 'text').render(context)).toBe(`<b>"'&`);
  });

  it('takes a text and nothing else: a syntax tree would be run as it is', () => {
    const tree = {
      type: 'Program',
      body: [{ type: 'MustacheStatement', path: { type: 'NumberLiteral', value: '1);process.exit(' } }],
    };
    for (const source of [tree, [tree], new String('{{user.a}}'), null, 1]) {
      expect(engines.handlebars.read(source as unknown as string, 'html')).toMatchObject({
        problems: [{ code: 'not_a_text' }],
      });
    }
  });

  it.each([
    ['{{#if user.a}}', 'unclosed'],
    ['{{#if user.a}}{{#each items}}{{/if}}{{/each}}', 'unclosed'],
    ['{{/if}}', 'unopened'],
    ['{{user.a', 'invalid_syntax'],
    ['{{#if user.a == “b”}}{{/if}}', 'invalid_syntax'],
    ['{{> partial}}', 'unsupported'],
    ['{{#> layout}}{{/layout}}', 'unsupported'],
    ['{{* decorate}}', 'unsupported'],
    ['{{lookup user "constructor"}}', 'unknown_helper'],
    ['{{log user}}', 'unknown_helper'],
    ['{{#with user}}{{a}}{{/with}}', 'unknown_helper'],
    ['{{#user}}{{a}}{{/user}}', 'unknown_helper'],
    ['{{#each user}}{{this}}{{/each}}', 'unknown_list'],
    ['{{user.constructor}}', 'unknown_token'],
    ['{{user.[__proto__]}}', 'unknown_token'],
    ['{{#each items}}{{constructor.name}}{{/each}}', 'unknown_token'],
    ['{{../user.a}}', 'unknown_token'],
    ['{{"user"}}', 'unsupported'],
  ])('refuses %s as %s', (source, code) => expect(codes('handlebars', source)).toContain(code));

  it('knows what belongs to an item and what to the message', () => {
    const found = read(
      'handlebars',
      '{{#each items as |item|}}{{item.title}}{{price}}{{../user.a}}{{@root.user.b}}{{@index}}{{/each}}',
    );
    expect([...found.itemFields].sort()).toEqual(['price', 'title']);
    expect(found.uses.map(({ path }) => path.join('.')).sort()).toEqual(['items', 'user.a', 'user.b']);
    const context = { items: [{ title: '<T>', price: '9.90' }], user: { a: 'A', b: 'B' } };
    expect(found.render(context)).toBe('&lt;T&gt;9.90AB0');
  });
});

describe('prototypes', () => {
  const names = [
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'hasOwnProperty',
    '__defineGetter__',
    'valueOf',
  ];
  const context = { user: { a: 'A' }, items: [{ title: 'T' }], slots: {} };

  it.each(names)('%s is reached by no engine', (name) => {
    for (const [engine, source] of [
      ['liquid', `{{ user.${name} }}`],
      ['liquid', `{{ user["${name}"]["${name}"] }}`],
      ['liquid', `{{ items | map: "${name}" | first }}`],
      ['liquid', `{% for i in items %}{{ i.${name}.name }}{% endfor %}`],
      ['handlebars', `{{user.${name}}}`],
      ['handlebars', `{{user.${name}.constructor}}`],
      ['handlebars', `{{#each items}}{{this.${name}}}{{/each}}`],
    ] as const) {
      const found = engines[engine].read(source, 'html');
      if ('problems' in found) continue;
      let rendered: string;
      try {
        rendered = found.render(context);
      } catch {
        continue;
      }
      expect(rendered).not.toMatch(/function|native code|\[object|Object/);
    }
  });
});

describe('conditions in comments', () => {
  const source = '<p>\n<!-- IF user.vip -->\nVIP {{ user.a }}\n<!-- ELSE -->rest<!-- ENDIF --></p>';

  it.each(['liquid', 'handlebars'] as const)('become those of %s, in the same places', (engine) => {
    const written = withCommentConditionals(source, engine);
    expect(written).toHaveLength(source.length);
    expect(written.split('\n').map((line) => line.length)).toEqual(
      source.split('\n').map((line) => line.length),
    );
    const { render } = read(engine, written);
    expect(render({ user: { vip: true, a: 'A' } })).toBe('<p>\n\nVIP A\n</p>');
    expect(render({ user: { vip: null, a: 'A' } })).toBe('<p>\nrest</p>');
  });

  it('compare in Liquid, and chain in both', () => {
    const chained =
      '<!-- IF user.tier == "gold" -->G<!-- ELSEIF user.tier == "silver" -->S<!-- ELSE -->-<!-- ENDIF -->';
    const { render } = read('liquid', withCommentConditionals(chained, 'liquid'));
    expect(['gold', 'silver', 'x'].map((tier) => render({ user: { tier } }))).toEqual(['G', 'S', '-']);
    const plain = '<!--IF user.a-->A<!--ELSEIF user.b-->B<!--ENDIF-->';
    expect(
      read('handlebars', withCommentConditionals(plain, 'handlebars')).render({ user: { b: true } }),
    ).toBe('B');
  });

  it('are refused where they are not closed, and leave other comments alone', () => {
    expect(codes('liquid', withCommentConditionals('<!-- IF user.a -->x', 'liquid'))).toEqual(['unclosed']);
    expect(codes('handlebars', withCommentConditionals('<!-- IF user.a -->x', 'handlebars'))).toEqual([
      'unclosed',
    ]);
    for (const comment of [
      '<!-- if you read this -->',
      '<!--[if mso]><td><![endif]-->',
      '<!-- IFFY -->',
      '<!-- ENDIFS -->',
    ]) {
      expect(withCommentConditionals(comment, 'liquid')).toBe(comment);
    }
  });
});

describe('any source', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '{%',
    '%}',
    'if',
    'user.a',
    '|',
    'raw',
    '{{{',
    '}}}',
    '#if ',
    '/if',
    '"',
    '“',
    '<!-- IF ',
    ' -->',
    '\ud800',
    '\n',
    ' ',
    'for i in items',
    'endif',
    '..',
    '@',
    '[',
    ']',
    '(1..9)',
    ':',
  );
  it('is read or refused, and never throws', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.constantFrom('liquid', 'handlebars'),
        (pieces, engine) => {
          const found = engines[engine].read(withCommentConditionals(pieces.join(''), engine), 'html');
          if ('problems' in found) for (const { message } of found.problems) expect(message).not.toBe('');
        },
      ),
      { numRuns: 500 },
    );
  });
});
