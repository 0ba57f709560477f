import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';

import { readStrategyText } from '../../../src/flows/read-strategy-text.js';
import { contentHash } from '../../../src/strategies/content-hash.js';
import { jsonSchemas } from '../../../src/strategies/json-schema.js';
import { rulesKind } from '../../../src/strategies/rules/rules.js';
import { describeStrategyKind } from '../../conformance/strategy.js';
import { anyCondition, anyMoment, segments } from '../../profiles/conditions/any-condition.js';
import { misfit } from '../../support/json-schema.js';

const slots = { subject: 'x' };
const always = { trait: 'nobody_has_this', op: 'missing' };
const bought = { event: 'purchase', measure: 'count', op: 'more_than', value: 3, within: '30d' };

function problemsOf(definition: object): [string, string][] {
  const parsed = rulesKind.parse({ kind: 'rules', ...definition });
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => [path, message]);
}

const hour = 3_600_000;
const purchases = (n: number) =>
  Array.from({ length: n }, (_, i) => ({
    id: `e${i}`,
    type: 'purchase',
    at: Date.parse('2024-05-05T00:00:00Z') + i * hour,
  }));

describeStrategyKind(rulesKind, [
  {
    name: 'rules over events, features and segments, with all that goes with them',
    definition: {
      kind: 'rules',
      owner: 'Ada',
      purpose: 'To show all.',
      review: '2027-01-31',
      rules: [
        { id: 'four', purpose: 'Thanks.', when: bought, slots: { subject: { content: 'thanks@3' } } },
        { id: 'often', when: { feature: 'frequency', op: 'at_least', value: 2 }, slots: { subject: 'Again?' } },
        { id: 'once', priority: -1, when: { segment: 'buyers@1' }, slots: { subject: 'Welcome' } },
      ],
      default: { subject: 'Hello', banner: { content: 'spring@1' } },
      tests: [{ name: 'nobody', expect: { rule: 'default' } }],
    },
    segments: new Map([['buyers@1', { when: { event: 'purchase', measure: 'count', op: 'gte', value: 1 } }]]),
    profiles: [4, 2, 1, 0].map((n) => ({ traits: {}, history: purchases(n) })),
  },
]); // prettier-ignore

describe('rules', () => {
  test('with 10,000 leaves are refused with the place', () => {
    const group = { any: Array(100).fill(always) };
    const rules = Array.from({ length: 100 }, (_, i) => ({ id: `r${i}`, when: group, slots }));
    expect(problemsOf({ rules })).toEqual([['rules', expect.stringContaining('10000 comparisons in all')]]);
    expect(problemsOf({ rules: rules.slice(0, 50) })).toEqual([]);
  });

  test.each<[string, object, string, RegExp]>([
    ['an id that stands for something else', { rules: [{ id: 'default', when: always, slots }] }, 'rules[0].id', /rename/],
    ['a test that waits for nobody', { rules: [{ id: 'a', when: always, slots }], tests: [{ name: 't', expect: { rule: 'b' } }] }, 'tests[0].expect.rule', /no rule "b"/],
    ['a test for a default that is not there', { rules: [{ id: 'a', when: always, slots }], tests: [{ name: 't', expect: { rule: 'default' } }] }, 'tests[0].expect.rule', /no "default"/],
    ['a test for nothing beside a default', { rules: [{ id: 'a', when: always, slots }], default: slots, tests: [{ name: 't', expect: { rule: null } }] }, 'tests[0].expect.rule', /there is a default/],
    ['an event at two times', { rules: [{ id: 'a', when: always, slots }], tests: [{ name: 't', events: [{ type: 'view', ago: '1d', at: '2026-01-01T00:00:00Z' }], expect: { rule: 'a' } }] }, 'tests[0].events[0].at', /either/],
    ['a value of no currency', { rules: [{ id: 'a', when: always, slots }], tests: [{ name: 't', events: [{ type: 'view', ago: '1d', value: 3 }], expect: { rule: 'a' } }] }, 'tests[0].events[0].currency', /is missing/],
    ['half a cent', { rules: [{ id: 'a', when: always, slots }], tests: [{ name: 't', events: [{ type: 'view', ago: '1d', value: 3.005, currency: 'EUR' }], expect: { rule: 'a' } }] }, 'tests[0].events[0].value', /no amount/],
    ['a review on no day', { rules: [{ id: 'a', when: always, slots }], review: '2026-02-30' }, 'review', /must be a date/],
    ['an unknown field', { rules: [{ id: 'a', when: always, slots }], ownr: 'Ada' }, '', /"ownr"/],
    ['a key called __proto__', JSON.parse('{"rules": [], "__proto__": {"kind": "rules"}}') as object, '', /__proto__/],
  ])('with %s are refused', (_, definition, path, words) => {
    expect(problemsOf(definition)).toContainEqual([path, expect.stringMatching(words)]);
  });
}); // prettier-ignore

test('a mistake in a file is told with line, column and path', () => {
  const text = `kind: rules
rules:
  - id: a
    when:
      all:
        - {event: purchase, op: more_than, value: 3, within: 30d}
        - {trait: country,
           op: is, value: AT}
    slots: {subject: x}
`;
  const read = readStrategyText(text);
  expect(read.ok ? [] : read.problems).toEqual([
    { path: 'rules[0].when.all[1].op', line: 8, column: 16, message: expect.stringContaining('must be one of eq') as string },
  ]);
  const aliased = readStrategyText(text.replace('AT', '*at'));
  expect(aliased.ok ? [] : aliased.problems[0]).toMatchObject({ line: 8 });
  for (const [odd, path] of [['', 'kind'], ['- 1', 'kind'], ['kind: 3', 'kind'], ['kind: spells', 'kind']]) {
    expect(readStrategyText(odd!)).toMatchObject({ ok: false, problems: [{ path, line: 1 }] });
  }
}); // prettier-ignore

test('any rules have one hash, in YAML or JSON, in whatever order, and fit the published schema', () => {
  const schema = jsonSchemas.rules();
  fc.assert(
    fc.property(fc.array(anyCondition, { minLength: 1, maxLength: 4 }), anyMoment, (conditions, moment) => {
      const rules = conditions.map((when, i) => ({ id: `r${i}`, priority: i % 2, when, slots }));
      const written = { kind: 'rules', rules, default: slots };
      const backwards = { default: slots, rules: [...rules].reverse(), kind: 'rules' };
      const hashes = [JSON.stringify(written), JSON.stringify(backwards, null, 1), stringify(written, { aliasDuplicateObjects: false })].map((text) => {
        const read = readStrategyText(text);
        return read.ok ? contentHash(read.value) : JSON.stringify(read.problems);
      });
      expect(new Set(hashes).size).toBe(1);
      expect(hashes[0]).toMatch(/^sha256:/);
      expect(misfit(schema, written)).toBeUndefined();

      const parsed = rulesKind.parse(written);
      if (!parsed.ok) throw new Error();
      expect(misfit(schema, parsed.value)).toBeUndefined();
      const parts = { learned: null, contents: new Map(), segments: new Map([...segments].map(([name, when]) => [name, { when }])) };
      const decider = rulesKind.prepare(parsed.value, parts);
      const [profile, clock] = [moment.profile, new Date(moment.clock)];
      const choice = decider.decide(profile, () => [], clock) as { reason: string };
      const trace = decider.trace(profile, () => [], clock) as unknown as { winner: string; losers: string[]; rules: { id: string; verdict: boolean }[] };
      expect(choice.reason).toBe(trace.winner === 'default' ? 'default' : `rule ${trace.winner}`);
      expect(decider.gist?.(profile, () => [], clock)).toEqual({
        winner: trace.winner,
        losers: trace.losers.slice(0, 5),
        ...(trace.losers.length > 5 && { more: trace.losers.length - 5 }),
      });
      const matching = trace.rules.filter(({ verdict }) => verdict).map(({ id }) => id);
      expect([trace.winner, ...trace.losers].filter((id) => id !== 'default')).toEqual(matching);
    }),
    { numRuns: 150, seed: 12 },
  );
}); // prettier-ignore
