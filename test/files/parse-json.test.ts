import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/files/parse-json.js';

describe('parseJson', () => {
  it('gives what JSON.parse gives, wherever keys are different', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
    );
  });

  it('finds a key that stands twice in any object, however it is spelled and wherever the object stands', () => {
    const key = fc.string({ unit: 'binary', maxLength: 6 });
    fc.assert(
      fc.property(key, fc.jsonValue(), fc.jsonValue(), fc.nat(5), (name, a, b, depth) => {
        const spelled = `"${escaped(name)}"`;
        const object = `{${JSON.stringify(name)}:${JSON.stringify(a)}, "other":[] ,${spelled} : ${JSON.stringify(b)}}`;
        fc.pre(name !== 'other');
        const text = '[{"x":'.repeat(depth) + object + '}]'.repeat(depth);
        expect(parseJson(text)).toMatchObject({ ok: false, code: 'duplicate_key' });
      }),
    );
  });

  it.each([
    ['{"a":{"x":1},"b":{"x":1}}', 'the same key in two objects'],
    ['[{"x":1},{"x":1}]', 'the same key in a list of objects'],
    ['{"a":"a","b":"\\"a\\":"}', 'a value that looks like a key'],
    ['{"a\\\\":1,"a":2}', 'a key that ends in a backslash'],
    ['{"__proto__":1,"constructor":2}', 'names of Object.prototype'],
  ])('takes %s: %s', (text) => {
    expect(parseJson(text)).toMatchObject({ ok: true });
  });

  it.each([
    ['{"a":', 'malformed', /ends too early/],
    ['{"a":1}}', 'malformed', /position 7/],
    ["{'a':1}", 'malformed', /position 1/],
    ['NaN', 'malformed', /valid JSON/],
    ['{"card":"4111 1111", "card":2}', 'duplicate_key', /the key "card" twice/],
    [`{"${'k'.repeat(500)}":1,"${'k'.repeat(500)}":1}`, 'duplicate_key', /^.{0,150}$/],
    ['['.repeat(100_000) + ']'.repeat(100_000), 'nested_too_deep', /64/],
    [`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'nested_too_deep', /64/],
  ])('refuses what is no JSON of ours, case %#', (text, code, message) => {
    const parsed = parseJson(text);
    expect(parsed).toMatchObject({ ok: false, code });
    expect(parsed.ok ? '' : parsed.message).toMatch(message);
  });

  it('does not show what the text says when it is malformed', () => {
    const parsed = parseJson('{"email": ada@example.com}');
    expect(JSON.stringify(parsed)).not.toContain('ada');
  });

  it('takes exactly 64 levels', () => {
    expect(parseJson('['.repeat(64) + ']'.repeat(64))).toMatchObject({ ok: true });
  });
});

/** Every UTF-16 unit as an escape. */
function escaped(text: string): string {
  return Array.from(
    { length: text.length },
    (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}
