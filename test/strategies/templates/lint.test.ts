import { describe, expect, it } from 'vitest';
import { examineTemplate } from '../../../src/strategies/templates/examine-template.js';
import type { Finding } from '../../../src/strategies/templates/finding.js';
import { unbalancedTag, tagsIn } from '../../../src/strategies/templates/html-scan.js';
import { hrefsIn, kindOfLink } from '../../../src/strategies/templates/links.js';
import { lintHtml } from '../../../src/strategies/templates/lint-html.js';
import { lintLeftovers } from '../../../src/strategies/templates/lint-leftovers.js';
import { lintMjml } from '../../../src/strategies/templates/lint-mjml.js';
import { parseTemplate } from '../../../src/strategies/templates/parse-template.js';
import type { EngineName, Token } from '../../../src/strategies/templates/template.js';

const leftovers = (source: string, engine: EngineName = 'liquid'): [string, string][] =>
  lintLeftovers(source, 'html', engine).map(({ code, line, column }) => [code, `${line}:${column}`]);

describe('leftovers', () => {
  /** Shapes of the articles this began with: three of four went out like this. */
  it.each([
    ['{tier1_anchor}', 'leftover'],
    ['{tier1_theme}', 'leftover'],
    ['{ First Name }', 'leftover'],
    ['{user.first_name}', 'leftover'],
    ['%%FIRST_NAME%%', 'foreign_placeholder'],
    ['*|FNAME|*', 'foreign_placeholder'],
    ['<%= user.name %>', 'foreign_placeholder'],
    ['[[firstname]]', 'foreign_placeholder'],
    ['${firstName}', 'foreign_placeholder'],
    ['%recipient.name%', 'foreign_placeholder'],
    ['[FIRST_NAME]', 'leftover'],
    ['[YOUR COMPANY]', 'leftover'],
    ['%%[ SET @x = Lookup("A","B") IF @x == 1 THEN ]%%', 'ampscript'],
    ['%%=v(@firstName)=%%', 'ampscript'],
  ])('names %s', (placeholder, code) => {
    expect(leftovers(`<p>Hello\n  ${placeholder}, welcome</p>`)).toEqual([[code, '2:3']]);
  });

  it.each([
    '<p>{{ user.first_name }} and {% if user.a %}x{% endif %}</p>',
    '<style>p { color: red } .a{margin:0} @media screen {a{b:c}}</style>',
    '<mj-style>.a { color }</mj-style>',
    '<p>50% off, 20%, {1,2}, { "json": 1 } and [1] or [see below]</p>',
    '<a href="https://a.example/?q=%C3%A9%20caf%C3%A9%">x</a>',
    '<!--[if mso]><table><![endif]-->',
    '{{{slots.offer}}}',
  ])('leaves %s alone', (source) => expect(leftovers(source)).toEqual([]));

  it('says what of AMPscript is not run', () => {
    const [finding] = lintLeftovers('%%[ SET @a = LookupRows("x") IF Empty(@a) THEN ]%%', 'html', 'liquid');
    expect(finding?.message).toMatch(/not run.*SET, LookupRows, IF, Empty/);
  });

  it.each([
    ['liquid', '<p>{% if user.tier == “gold” %}x{% endif %}</p>', '1:23'],
    ['liquid', '<p>\n{{ user.a | default: ‘you’ }}</p>', '2:22'],
    ['liquid', '<a href=“https://a.example”>x</a>', '1:9'],
    ['handlebars', '<p>{{user.“a”}}</p>', '1:11'],
    ['liquid', '<!-- IF user.tier == “gold” -->x<!-- ENDIF -->', '1:22'],
  ] as const)('finds typographic quotes in tags of %s: %s', (engine, source, place) => {
    expect(leftovers(source, engine)).toEqual([['typographic_quote', place]]);
  });

  it('lets typographic quotes be text', () => {
    expect(leftovers('<p>“Spring” is ‘here’</p><img alt="“Spring”" src="https://a.example/x.png">')).toEqual(
      [],
    );
  });

  it('knows tags of the other language', () => {
    expect(leftovers('<p>{% if user.a %}x{% endif %}</p>', 'handlebars').map(([code]) => code)).toEqual([
      'foreign_tag',
      'foreign_tag',
    ]);
    expect(leftovers('<p>{{#if user.a}}x{{/if}}</p>', 'liquid').map(([code]) => code)).toEqual([
      'foreign_tag',
      'foreign_tag',
    ]);
  });
});

describe('HTML', () => {
  const whole = (body: string): string =>
    `<html><body>${body}<a href="https://a.example/unsubscribe">x</a></body></html>`;
  const codes = (body: string): string[] => lintHtml(whole(body), 'html').map(({ code }) => code);

  it.each([
    ['<script>alert(1)</script>', 'active_content'],
    ['<p onclick="x()">a</p>', 'active_content'],
    ['<meta http-equiv="Refresh" content="0;url=https://a.example">', 'active_content'],
    ['<form action="https://a.example"></form>', 'active_content'],
    ['<iframe src="https://a.example"></iframe>', 'active_content'],
    ['<style>p { color: {{ user.colour }} }</style>', 'token_in_style'],
    ['<a href={{ user.url }}>x</a>', 'unquoted_token'],
    ['<p {{ user.attributes }}>x</p>', 'unquoted_token'],
    ['<a href="javascript:alert(1)">x</a>', 'bad_link'],
    ['<a href="JaVaScript:alert(1)">x</a>', 'bad_link'],
    ['<a href="data:text/html,x">x</a>', 'bad_link'],
    ['<a href="/spring">x</a>', 'bad_link'],
    ['<a href="//a.example">x</a>', 'bad_link'],
    ['<a href="">x</a>', 'blank_link'],
    ['<a href="#">x</a>', 'blank_link'],
    ['<img src="logo.png" alt="">', 'bad_source'],
    ['<img src="https://a.example/x.png">', 'missing_alt'],
    ['<table><tr><td>x</td></tr>', 'broken_layout'],
    ['<p>x</div></p>', 'broken_layout'],
  ])('speaks up about %s', (body, code) => expect(codes(body)).toContain(code));

  it.each([
    '<a href="{{ item.url }}">x</a>',
    '<a href="https://a.example/?m={{ message.id }}">x</a>',
    '<a href="mailto:a@example.com">x</a><a href="tel:+43">x</a><a href="#top">x</a>',
    '<a href="{% if user.a %}https://a.example{% else %}https://b.example{% endif %}">x</a>',
    '<img src="{{ item.image }}" alt="{{ item.title }}"><br><hr><p>x<p>y',
    '<ul><li>a<li>b</ul><!-- <script> --><!--[if mso]><table><![endif]-->',
    '{% if user.a %}<div>{% endif %}x{% if user.a %}</div>{% endif %}',
  ])('has nothing to say about %s', (body) => expect(codes(body)).toEqual([]));

  it('says where, counting from 1', () => {
    const [finding] = lintHtml('<html><body>\n\n <script>\n</script></body></html>unsubscribe', 'html');
    expect(finding).toMatchObject({ code: 'active_content', line: 3, column: 2 });
  });

  it('warns before a mail reader cuts the message off', () => {
    expect(codes('x'.repeat(99_000))).toEqual([]);
    expect(codes('x'.repeat(100_000))).toEqual(['too_large']);
  });

  it('misses a link to unsubscribe, and a whole document', () => {
    expect(lintHtml('<p>x</p>', 'html').map(({ code }) => code)).toEqual([
      'missing_tag',
      'missing_tag',
      'no_unsubscribe',
    ]);
    expect(lintHtml('<html><body><a href="{{ user.unsubscribe_url }}">x</a></body></html>', 'html')).toEqual(
      [],
    );
  });

  it('refuses includes of MJML', () => {
    expect(lintMjml('<mjml>\n <MJ-Include path="/etc/passwd" /></mjml>')).toMatchObject([
      { code: 'include', line: 2, column: 2 },
    ]);
  });

  it('finds links in order, whatever the quotes hide', () => {
    const html = `<a title="x > y" href='https://a.example/?a=1&amp;b=2'>1</a><A HREF=https://b.example>2</A><a data-x=" href='https://no.example'" href="https://c.example">3</a><link href="https://no.example"><area href="mailto:a@b.c">`;
    expect(hrefsIn(html)).toEqual([
      'https://a.example/?a=1&b=2',
      'https://b.example',
      'https://c.example',
      'mailto:a@b.c',
    ]);
    expect(hrefsIn('<a href="java&#115;cript:alert(1)">').map(kindOfLink)).toEqual(['unsafe']);
  });

  it('tells which tag is out of place', () => {
    expect(unbalancedTag(tagsIn('<div><b>x</div></b>'))).toMatchObject({ name: 'b', index: 5 });
    expect(unbalancedTag(tagsIn('<div><b>x</b></div>'))).toBeUndefined();
  });
});

describe('examineTemplate', () => {
  const tokens: Record<string, Token> = {
    'user.a': { default: 'x' },
    'user.b': {},
    shop: { default: 'Acme' },
  };
  const examine = (body: string, more: object = {}) => {
    const html = `<html><body>${body}<p>{{ user.a }}{% if user.b %}{{ user.b }}{% endif %}{{ shop }}</p><a href="https://a.example/unsubscribe">x</a></body></html>`;
    const definition = { engine: 'liquid', subject: 'S', text: 'T', html, tokens, ...more };
    const parsed = parseTemplate(definition);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return examineTemplate(parsed.value, html);
  };
  const codes = (findings: readonly Finding[]): string[] => findings.map(({ code }) => code);

  it('has nothing to say about a good one', () => expect(examine('').findings).toEqual([]));

  it.each([
    ['{{ user.c }}', 'unknown_token'],
    ['{{ first_name }}', 'unknown_token'],
    ['{{ user.a.b }}', 'unknown_token'],
    ['{{ user }}', 'unknown_token'],
    ['{{ slots.constructor }}', 'unknown_token'],
    ['{{ message.secret }}', 'unknown_token'],
    ['{% if usr.vip %}x{% endif %}', 'unknown_token'],
    ['{{ user.b }}', 'no_default'],
  ])('refuses %s as %s, and compiles nothing', (body, code) => {
    const { findings, compiled } = examine(body);
    expect(codes(findings)).toEqual([code]);
    expect(findings[0]).toMatchObject({ severity: 'error', line: 1, part: 'html' });
    expect(compiled).toBeUndefined();
  });

  it('says once what one mistake is', () => {
    expect(codes(examine('{% if user.a == “x” %}y{% endif %}').findings)).toEqual(['typographic_quote']);
  });

  it('warns about what is declared and not used, and about a missing text', () => {
    expect(codes(examine('', { tokens: { ...tokens, 'user.z': {} } }).findings)).toEqual(['unused_token']);
    expect(codes(examine('', { text: undefined }).findings)).toEqual(['no_text']);
  });

  it('makes the text from the HTML once where that loses nothing', () => {
    expect(
      examine('<ul>{% for i in items %}<li>{{ i.title }}</li>{% endfor %}</ul>', { text: undefined }).compiled
        ?.text,
    ).toMatch(/\{% for i in items %\}\s+\* \{\{ i\.title \}\}/);
    expect(
      examine('<p class="{% if user.a %}x{% endif %}">y</p>', { text: undefined }).compiled?.text,
    ).toBeNull();
    expect(examine('{{ slots.offer | raw }}', { text: undefined }).compiled?.text).toBeNull();
  });
});

describe('parseTemplate', () => {
  const good = { engine: 'liquid', subject: 'S', html: '<p>x</p>', tokens: {} };
  it.each([
    [{ engine: 'ejs' }, 'engine'],
    [{ subject: ' ' }, 'subject'],
    [{ subject: 'x'.repeat(1_001) }, 'subject'],
    [{ subject: 'a\ud800' }, 'subject'],
    [{ html: undefined }, 'html'],
    [{ mjml: '<mjml></mjml>' }, 'html'],
    [{ html: 'x'.repeat(150_001) }, 'html'],
    [{ html: { type: 'Program' } }, 'html'],
    [{ text: '' }, 'text'],
    [{ tokens: { 'user.__proto__': {} } }, 'tokens["user.__proto__"]'],
    [{ tokens: { 'user.constructor': {} } }, 'tokens["user.constructor"]'],
    [{ tokens: { 'first name': { default: 'x' } } }, 'tokens["first name"]'],
    [{ tokens: { items: { default: 'x' } } }, 'tokens["items"]'],
    [{ tokens: { shop: {} } }, 'tokens["shop"]'],
    [{ tokens: { 'user.a': { default: ['x'] } } }, 'tokens["user.a"].default'],
    [{ tokens: Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`user.t${i}`, {}])) }, 'tokens'],
    [{ profiles: { VIP: { traits: {} } } }, 'profiles.VIP'],
    [{ helpers: {} }, ''],
  ])('refuses %j at %s', (change, path) => {
    const parsed = parseTemplate({ ...good, ...change });
    expect(parsed).toMatchObject({ ok: false, problems: [{ path }] });
  });
});
