import { describe, expect, test } from 'vitest';

import { canonicalJson } from '../../src/strategies/content-hash.js';
import { decideFor } from '../../src/strategies/decide.js';
import type { Profile, StrategyKind } from '../../src/strategies/strategy.js';

export interface ConformanceCase {
  readonly name: string;
  /** A definition that the kind accepts. */
  readonly definition: unknown;
  /** Profiles that lead to as many different choices as the definition knows. */
  readonly profiles: readonly Profile[];
}

const clock = new Date('2024-05-06T07:08:09Z');

/** Profiles that a strategy meets sooner or later, whatever it expects. */
const hostileProfiles: readonly Profile[] = [
  {},
  JSON.parse('{"__proto__": "x", "constructor": "y", "toString": 1, "hasOwnProperty": false}'),
  Object.assign(Object.create(null), { country: 'AT' }),
  { country: null, age: null },
  { country: 0, age: '', plan: false },
  { country: '', age: '3', plan: 'true' },
  { age: NaN, orders: Infinity, spent: -0 },
  { age: Number.MAX_VALUE, country: '\ud83d', plan: '\0' },
  { text: 'x'.repeat(100_000), 'a.b[0]': 'path', '': 'nameless' },
  Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`trait${i}`, i])),
].map((traits) => ({ traits: traits as Profile['traits'] }));

const hostileDefinitions = [
  undefined,
  null,
  0,
  '',
  'kind',
  [],
  {},
  { kind: 'no such kind' },
  () => 1,
  new Date(0),
];

/**
 * What every kind of strategy must keep to. A new kind runs it in a test of its own:
 * `describeStrategyKind(myKind, [{ name, definition, profiles }])`.
 */
export function describeStrategyKind<State>(
  kind: StrategyKind<State>,
  cases: readonly ConformanceCase[],
): void {
  describe(`kind ${kind.kind}`, () => {
    test('is named and described, and its case files say something', () => {
      expect(kind.kind).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(kind.summary).toMatch(/^[A-Z].*\.$/);
      expect(cases.length).toBeGreaterThan(0);
    });

    test.each(hostileDefinitions)('refuses the definition %j with a path and words', (definition) => {
      const parsed = kind.parse(definition);
      expect(parsed.ok).toBe(false);
      for (const problem of parsed.ok ? [] : parsed.problems) {
        expect(typeof problem.path).toBe('string');
        expect(problem.message).not.toBe('');
      }
    });

    describe.each(cases)('$name', ({ definition, profiles }) => {
      testChoices(kind, definition, [...profiles, ...hostileProfiles]);
    });
  });
}

function testChoices<State>(
  kind: StrategyKind<State>,
  definition: unknown,
  profiles: readonly Profile[],
): void {
  const stateOf = (): State => {
    const parsed = kind.parse(definition);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return parsed.value;
  };

  test('parses without touching the definition, to the same plain JSON each time', () => {
    const state = kind.parse(deepFreeze(structuredClone(definition)));
    expect(state).toEqual({ ok: true, value: stateOf() });
    expect(canonicalJson(JSON.parse(canonicalJson(stateOf())))).toBe(canonicalJson(stateOf()));
  });

  test('accepts its own state as a definition and stays as it is', () => {
    expect(kind.parse(stateOf())).toEqual({ ok: true, value: stateOf() });
  });

  test('gives the same choice twice, from frozen inputs and from a stored state', () => {
    const state = deepFreeze(stateOf());
    const stored = JSON.parse(canonicalJson(state)) as State;
    for (const profile of profiles) {
      const frozen = deepFreeze(copyOf(profile));
      const choice = kind.decide(frozen, state, clock);
      expect(kind.decide(frozen, state, clock)).toEqual(choice);
      expect(kind.decide(profile, stored, new Date(clock))).toEqual(choice);
    }
  });

  test('gives choices that are whole, declared, explained and probable', () => {
    const state = stateOf();
    for (const profile of profiles) {
      const choice = kind.decide(profile, state, clock);
      if ('noChoice' in choice) {
        expect(kind.mayDecline(state), 'who may decline says so').toBe(true);
        expect(choice.noChoice).not.toBe('');
        continue;
      }
      expect(Object.keys(choice.slots).sort()).toEqual([...kind.slotNames(state)].sort());
      expect(Object.values(choice.slots).every((content) => typeof content === 'string')).toBe(true);
      expect(choice.reason).not.toBe('');
      expect(choice.probability).toBeGreaterThan(0);
      expect(choice.probability).toBeLessThanOrEqual(1);
    }
  });

  test('always leads to content where there is a fallback', () => {
    const state = stateOf();
    const fallback = Object.fromEntries(kind.slotNames(state).map((name) => [name, 'fallback']));
    for (const profile of profiles) {
      const decision = decideFor(kind, state, profile, clock, fallback);
      expect(Object.keys('slots' in decision ? decision.slots : {}).sort()).toEqual(
        [...kind.slotNames(state)].sort(),
      );
    }
  });

  test('names each slot once', () => {
    const names = kind.slotNames(stateOf());
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
  });
}

function copyOf(profile: Profile): Profile {
  return { traits: Object.fromEntries(Object.entries(profile.traits)) };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
