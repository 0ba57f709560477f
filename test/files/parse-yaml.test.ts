import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseYaml } from '../../src/files/parse-yaml.js';

function problemsOf(text: string): string[] {
  const parsed = parseYaml(text);
  return parsed.ok ? [] : parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const valueOf = (text: string): unknown => {
  const parsed = parseYaml(text);
  if (!parsed.ok) throw new Error(problemsOf(text).join('\n'));
  return parsed.value;
};

describe('parseYaml', () => {
  test('reads what JSON can say', () => {
    expect(valueOf('a: 1\nb: [x, "2", true, null, -0.5e3]\nc: {d: no, e: 2026-03-01}\nf: |\n  two\n  lines\n')).toEqual({
      a: 1,
      b: ['x', '2', true, null, -500],
      c: { d: 'no', e: '2026-03-01' },
      f: 'two\nlines\n',
    });
    expect(valueOf('')).toBe(null);
  }); // prettier-ignore

  test('reads any JSON as JSON does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        if (text.includes('"__proto__"')) return;
        expect(valueOf(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  test('keeps a key of that name away from the prototype', () => {
    const value = valueOf('__proto__: {polluted: true}\na: 1') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test.each<[string, string, RegExp]>([
    ['an anchor', 'a: 1\nb: &x 2\n', /^2:.* is an anchor: write out/],
    ['an alias', 'a: &x 1\nb: *x\n', /^2:4 is an alias/],
    ['an alias of nothing', 'a: *x\n', /^1:\d+ /],
    ['an anchored list', 'a: &x [1]\n', /^1:\d+ is an anchor/],
    ['a tag', 'a: !!binary aGVsbG8=\n', /^1:\d+ /],
    ['a tag of one’s own', 'a: !run "rm"\n', /^1:\d+ /],
    ['a tag for a text', 'a: !!str 5\n', /^1:\d+ has the tag/],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', /^3:1 has this key twice/],
    ['a key twice, spelled otherwise', '"1": a\n1: b\n', /key twice/],
    ['a key twice in JSON', '{"a": 1,\n "\\u0061": 2}', /^2:2 has this key twice/],
    ['a list as a key', '[a]: 1\n', /has a key that is no plain text|is no valid YAML/],
    ['infinity', 'a: .inf\n', /^1:4 is a number as JSON does not write it: .inf/],
    ['not a number', 'a: .nan\n', /as JSON does not write it/],
    ['an octal', 'a: 0o17\n', /as JSON does not write it/],
    ['zeros before', 'a: 007\n', /as JSON does not write it: 007/],
    ['too large a number', `a: 1${'0'.repeat(400)}\n`, /as JSON does not write it/],
    ['two documents', 'a: 1\n---\nb: 2\n', /more than one document/],
    ['a line that stops', 'a: [1, 2\nb: 3\n', /^\d+:\d+ is no valid YAML/],
    ['bad indentation', 'a:\n  b: 1\n c: 2\n', /^\d+:\d+ is no valid YAML/],
    ['deep lists', `a: ${'['.repeat(100)}${']'.repeat(100)}\n`, /nested more than 64 deep/],
    ['very deep lists', '['.repeat(200_000), /nested more than 64 deep|is no valid YAML/],
    ['too long a text', `a: ${'x'.repeat(4_000_001)}`, /longer than/],
  ])('refuses %s and says where', (_, text, words) => {
    expect(problemsOf(text).filter((one) => words.test(one))).not.toEqual([]);
  });

  test('does not let a few lines of aliases stand for a thousand million', () => {
    const lines = Array.from(
      { length: 30 },
      (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}*a${i}]`,
    );
    const start = process.cpuUsage();
    expect(problemsOf(`a0: &a0 boom\n${lines.join('\n')}\n`).length).toBeGreaterThan(1);
    expect(process.cpuUsage(start).user).toBeLessThan(2_000_000);
  });

  test('finds the place of a path, and of what holds it where it is missing', () => {
    const text = 'rules:\n  - id: a\n    when:\n      all:\n        - {trait: x,\n           op: ne}\n"odd key":\n  b: 1\n';
    const parsed = parseYaml(text);
    if (!parsed.ok) throw new Error();
    const at = (path: string) => Object.values(parsed.placeOf(path)).join(':');
    expect(at('rules[0].id')).toBe('2:9');
    expect(at('rules[0].when.all[0].op')).toBe('6:16');
    expect(at('rules[0].when.all[0].value')).toBe('5:11');
    expect(at('rules[0].slots')).toBe('2:5');
    expect(at('rules[7].id')).toBe('2:3');
    expect(at('["odd key"].b')).toBe('8:6');
    expect(at('nowhere')).toBe('1:1');
    expect(at('')).toBe('1:1');
  }); // prettier-ignore
});
