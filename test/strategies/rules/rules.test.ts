import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Traits } from '../../../src/profiles/traits.js';
import type { RulesState } from '../../../src/strategies/rules/rule.js';
import { rulesKind } from '../../../src/strategies/rules/rules.js';

const always = { trait: 'nobody_has_this', op: 'missing' };
const slots = { subject: 'x' };

function stateOf(rules: readonly object[], more: object = {}): RulesState {
  const parsed = rulesKind.parse({ kind: 'rules', rules, ...more });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

function problemsOf(definition: unknown): Record<string, string> {
  const parsed = rulesKind.parse(definition);
  return parsed.ok ? {} : Object.fromEntries(parsed.problems.map(({ path, message }) => [path, message]));
}

const withCondition = (when: unknown) => problemsOf({ kind: 'rules', rules: [{ id: 'a', when, slots }] });
const clock = new Date('2026-06-15T12:00:00Z');
const nothing = { learned: null, contents: new Map(), segments: new Map() };
const decide = (state: RulesState, traits: Traits) =>
  rulesKind.prepare(state, nothing).decide({ traits, history: [] }, () => [], clock);
const trace = (state: RulesState, traits: Traits) =>
  rulesKind.prepare(state, nothing).trace({ traits, history: [] }, () => [], clock);

describe('decide', () => {
  const vip = { id: 'vip', when: { trait: 'orders', op: 'gt', value: 3 }, slots: { subject: 'For you' } };

  test('delivers the first rule that matches, else the default', () => {
    const state = stateOf([vip], { default: { subject: 'Hello' } });
    expect(decide(state, { orders: 4 })).toEqual({ slots: vip.slots, reason: 'rule vip', probability: 1 });
    expect(decide(state, { orders: 3 })).toEqual({
      slots: { subject: 'Hello' },
      reason: 'default',
      probability: 1,
    });
  });

  test('declines without a default', () => {
    expect(decide(stateOf([vip]), {})).toEqual({ noChoice: 'no rule matched' });
  });

  test('fills what a rule leaves out from the default', () => {
    const state = stateOf([vip], { default: { subject: 'Hello', banner: 'spring' } });
    expect(decide(state, { orders: 4 })).toMatchObject({ slots: { subject: 'For you', banner: 'spring' } });
    expect(rulesKind.slotNames(state)).toEqual(['subject', 'banner']);
  });

  test('puts exceptions first, then the higher priority, then the id', () => {
    const rules = [
      { id: 'b', when: always, slots },
      { id: 'a', when: always, slots },
      { id: 'B', when: always, slots },
      { id: 'c', priority: 5, when: always, slots },
      { id: 'd', priority: -1, exception: true, when: always, slots },
      { id: 'e', priority: -5, when: always, slots },
      { id: 'f', exception: true, when: always, slots },
    ];
    const order = ['f', 'd', 'c', 'B', 'a', 'b', 'e'];
    expect(stateOf(rules).rules.map(({ id }) => id)).toEqual(order);
    fc.assert(
      fc.property(fc.shuffledSubarray(rules, { minLength: rules.length }), (shuffled) => {
        expect(stateOf(shuffled)).toEqual(stateOf(rules));
        expect(decide(stateOf(shuffled), {})).toMatchObject({ reason: 'rule f' });
      }),
      { numRuns: 100, seed: 7 },
    );
  });
});

describe('parse', () => {
  test('says where a condition is wrong and how to mend it', () => {
    const leaf = { trait: 'age', op: 'exists' };
    expect(withCondition({ all: [{ trait: 'age', op: 'equals', value: 1 }] })).toEqual({
      'rules[0].when.all[0].op': expect.stringContaining('one of eq, ne') as string,
    });
    expect(withCondition({ any: [leaf, { not: { trait: 'age', op: 'gt', value: '3' } }] })).toEqual({
      'rules[0].when.any[1].not.value': expect.stringContaining('without quotes') as string,
    });
    expect(Object.keys(withCondition({ all: [] }))).toEqual(['rules[0].when.all']);
    expect(Object.keys(withCondition({ all: leaf }))).toEqual(['rules[0].when.all']);
    expect(Object.keys(withCondition({ all: [leaf], any: [leaf] }))).toEqual(['rules[0].when']);
    expect(Object.keys(withCondition({ ...leaf, value: 3 }))).toEqual(['rules[0].when']);
    expect(Object.keys(withCondition(undefined))).toEqual(['rules[0].when']);
    expect(Object.keys(withCondition([leaf]))).toEqual(['rules[0].when']);
    expect(Object.keys(withCondition({ trait: 'age', op: 'in', value: [] }))).toEqual([
      'rules[0].when.value',
    ]);
    expect(Object.keys(withCondition({ trait: 'age', op: 'eq', value: null }))).toEqual([
      'rules[0].when.value',
    ]);
    expect(Object.keys(withCondition({ trait: 'name', op: 'contains', value: '' }))).toEqual([
      'rules[0].when.value',
    ]);
    expect(Object.keys(withCondition({ trait: '', op: 'eq', value: 1 }))).toEqual(['rules[0].when.trait']);
  });

  test('takes eight levels and refuses the ninth, however deep it goes on', () => {
    const nested = (levels: number) => {
      let condition: object = { trait: 'age', op: 'exists' };
      for (let i = 1; i < levels; i += 1) condition = i % 2 === 0 ? { not: condition } : { all: [condition] };
      return condition;
    };
    expect(withCondition(nested(8))).toEqual({});
    for (const levels of [9, 50_000]) {
      expect(Object.values(withCondition(nested(levels)))).toEqual([
        expect.stringContaining('deeper than 8'),
      ]);
    }
  });

  test('refuses an id twice, unknown keys and odd values', () => {
    const rule = { id: 'a', when: always, slots };
    expect(Object.keys(problemsOf({ kind: 'rules', rules: [rule, rule] }))).toEqual(['rules[1].id']);
    expect(Object.keys(problemsOf({ kind: 'rules', rules: [{ ...rule, if: 1 }] }))).toEqual(['rules[0]']);
    expect(Object.keys(problemsOf({ kind: 'rules', rules: [{ ...rule, priority: 0.5 }] }))).toEqual([
      'rules[0].priority',
    ]);
    expect(Object.keys(problemsOf({ kind: 'rules', rules: [{ ...rule, exception: 1 }] }))).toEqual([
      'rules[0].exception',
    ]);
    expect(Object.keys(problemsOf({ kind: 'rules', rules: [] }))).toEqual(['rules']);
    expect(Object.keys(problemsOf({ kind: 'rules', rules: [rule], default: {} }))).toEqual(['default']);
    const many = Array.from({ length: 501 }, (_, i) => ({ ...rule, id: `r${i}` }));
    expect(problemsOf({ kind: 'rules', rules: many.slice(1) })).toEqual({});
    expect(Object.keys(problemsOf({ kind: 'rules', rules: many }))).toEqual(['rules']);
  });

  test('refuses a rule that would leave a hole in the mail', () => {
    const rules = [
      { id: 'a', when: always, slots: { subject: 'x', banner: 'y' } },
      { id: 'b', when: always, slots: { subject: 'x' } },
    ];
    expect(problemsOf({ kind: 'rules', rules })).toEqual({
      'rules[1].slots': expect.stringContaining('leaves out banner') as string,
    });
    expect(problemsOf({ kind: 'rules', rules, default: { banner: 'z' } })).toEqual({});
  });
});

test('trace shows what was expected and what is known, who won and who lost', () => {
  const state = stateOf([
    {
      id: 'a',
      priority: 2,
      when: {
        all: [
          { trait: 'orders', op: 'gt', value: 3 },
          { trait: 'country', op: 'in', value: ['AT'] },
        ],
      },
      slots,
    },
    { id: 'b', priority: 1, when: { not: { trait: 'country', op: 'exists' } }, slots },
    { id: 'c', when: always, slots },
    { id: 'd', when: { trait: 'orders', op: 'lt', value: 1 }, slots },
  ]);
  const rules = [
    {
      id: 'a',
      verdict: false,
      when: {
        verdict: false,
        all: [
          { trait: 'orders', op: 'gt', expected: 3, actual: 5, verdict: true },
          { trait: 'country', op: 'in', expected: ['AT'], actual: null, verdict: false },
        ],
      },
    },
    {
      id: 'b',
      verdict: true,
      when: { verdict: true, not: { trait: 'country', op: 'exists', actual: null, verdict: false } },
    },
    { id: 'c', verdict: true },
    { id: 'd', verdict: false },
  ];
  expect(trace(state, { orders: 5 })).toEqual({ winner: 'b', losers: ['c'], rules });
});
