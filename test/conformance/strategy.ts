import { describe, expect, test } from 'vitest';

import { needsOfCondition } from '../../src/profiles/conditions/prepare-condition.js';
import type { Behaviour, History } from '../../src/profiles/history.js';
import { joinNeeds } from '../../src/profiles/join-needs.js';
import type { Item } from '../../src/strategies/catalogue.js';
import { canonicalJson } from '../../src/strategies/content-hash.js';
import { decideFor } from '../../src/strategies/decide.js';
import { isFeature, needsOfFeatures } from '../../src/strategies/ml/feature-groups.js';
import { traitNames } from '../../src/strategies/ml/features.js';
import type { Choice, LearningLog, NoChoice, Parts, Profile } from '../../src/strategies/strategy.js';
import type { StrategyKind } from '../../src/strategies/strategy.js';
import { deepFreeze, hostileDefinitions, hostileHistories, hostileTraits } from './hostile.js';

export interface ConformanceCase {
  readonly name: string;
  /** A definition that the kind accepts. */
  readonly definition: unknown;
  /** Profiles that lead to as many different choices as the definition knows. */
  readonly profiles: readonly Profile[];
  /** Parsed definitions of the segments that it names, by `name@version`. */
  readonly segments?: Parts['segments'];
  /** What it may choose from; three items of two categories by default. */
  readonly catalogue?: readonly Item[];
  /** Whom it learns from, by recipient key; the histories of `profiles` by default. */
  readonly histories?: ReadonlyMap<string, History>;
  /** Of the same recipients, where it learns from traits. */
  readonly traits?: LearningLog['traits'];
  readonly trials?: LearningLog['trials'];
}

const clock = new Date('2024-05-06T07:08:09Z');
const day = 86_400_000;

const someItems: readonly Item[] = [
  { id: 'boots', category: 'shoes', price: 9_900, currency: 'EUR', stock: 3 },
  { id: 'sandals', category: 'shoes', title: 'Sandals' },
  { id: 'scarf', category: 'accessories', price: 0, currency: 'EUR', attributes: { colour: 'red' } },
];

/**
 * What every kind of strategy must keep to. A new kind runs it in a test of its own:
 * `describeStrategyKind(myKind, [{ name, definition, profiles }])`.
 */
export function describeStrategyKind<Definition>(
  kind: StrategyKind<Definition>,
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

    describe.each(cases)('$name', (one) => {
      const subject = new Subject(kind, one);
      testDefinition(subject);
      if (kind.learn) testLearning(subject);
      testReferences(subject);
      testNeeds(subject);
      testTraits(subject);
      testFeatures(subject);
      testEvents(subject);
      testChoices(subject);
    });
  });
}

/** A kind with one definition, and all that a decision needs. */
class Subject<Definition> {
  readonly kind: StrategyKind<Definition>;
  readonly one: ConformanceCase;
  readonly items: readonly Item[];

  constructor(kind: StrategyKind<Definition>, one: ConformanceCase) {
    this.kind = kind;
    this.one = one;
    this.items = one.catalogue ?? someItems;
  }

  definition(): Definition {
    const parsed = this.kind.parse(this.one.definition);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return parsed.value;
  }

  needs() {
    return this.kind.needs(this.definition(), this.segments());
  }

  /** The profiles of the case, and those that a strategy meets sooner or later, whatever it expects. */
  profiles(): Profile[] {
    const histories = hostileHistories(this.needs().types, this.items, clock);
    const hostile = hostileTraits.map((traits) => ({ traits, history: [] }));
    const withHistory = histories.map((history) => ({ traits: {}, history }));
    return [...this.one.profiles, ...hostile, ...withHistory];
  }

  log(): LearningLog {
    const own = this.one.profiles.map(({ history }, i): [string, History] => [`r_${i}`, history]);
    return {
      histories: this.one.histories ?? new Map(own),
      catalogue: { hash: 'sha256:none', items: this.items },
      traits: this.one.traits ?? new Map(),
      trials: this.one.trials ?? new Map(),
    };
  }

  learn(log: LearningLog = this.log(), seed = 'seed') {
    const learned = this.kind.learn?.(this.definition(), log, clock, seed);
    return learned === undefined || 'refused' in learned ? null : learned.state;
  }

  segments(): Parts['segments'] {
    return this.one.segments ?? new Map();
  }

  parts(): Parts {
    const { contents } = this.kind.references(this.definition());
    return {
      learned: this.learn(),
      contents: new Map(contents.map((reference) => [reference, `text of ${reference}`])),
      segments: this.segments(),
    };
  }

  prepare(definition: Definition = this.definition(), parts: Parts = this.parts()) {
    return this.kind.prepare(definition, parts);
  }

  /** Those of the case and those that everybody meets, each with what is chosen for it. */
  *choices(): Generator<[Profile, Choice | NoChoice]> {
    const { decide } = this.prepare();
    for (const profile of this.profiles()) yield [profile, decide(profile, () => this.items, clock)];
  }
}

function testDefinition<Definition>(subject: Subject<Definition>): void {
  const { kind, one } = subject;
  test('parses without touching the definition, to the same plain JSON each time', () => {
    const definition = kind.parse(deepFreeze(structuredClone(one.definition)));
    expect(definition).toEqual({ ok: true, value: subject.definition() });
    const text = canonicalJson(subject.definition());
    expect(canonicalJson(JSON.parse(text))).toBe(text);
  });

  test('accepts its own form as a definition and stays as it is', () => {
    expect(kind.parse(subject.definition())).toEqual({ ok: true, value: subject.definition() });
  });

  test('names each slot once', () => {
    const names = kind.slotNames(subject.definition());
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
  });
}

function testLearning<Definition>(subject: Subject<Definition>): void {
  test('learns the same JSON from the same log, clock and seed, and leaves the log as it is', () => {
    const learned = canonicalJson(subject.learn());
    expect(canonicalJson(JSON.parse(learned))).toBe(learned);
    expect(canonicalJson(subject.learn(deepFreeze(subject.log())))).toBe(learned);
    const frozen = deepFreeze(subject.definition());
    const again = subject.kind.learn?.(frozen, subject.log(), new Date(clock), 'seed');
    expect(canonicalJson(again && 'state' in again ? again.state : null)).toBe(learned);
  });

  test('learns nothing from what happened at its clock or later', () => {
    const later = (type: string, i: number): Behaviour => ({
      id: `later-${i}`,
      type,
      at: clock.getTime() + i * day,
      item: subject.items[0]?.id ?? 'x',
      category: subject.items[0]?.category ?? 'x',
      value: 1_000,
      currency: 'EUR',
    });
    const log = subject.log();
    const types = subject.needs().types.length > 0 ? subject.needs().types : ['purchase', 'view'];
    const histories = new Map(
      [...log.histories].map(([key, history]) => [key, [...history, ...types.map(later)]]),
    );
    const learned = canonicalJson(subject.learn());
    expect(canonicalJson(subject.learn({ ...log, histories }))).toBe(learned);
  });

  test('learns from hostile histories and from none', () => {
    const histories = new Map(
      hostileHistories(['purchase', 'view', 'cart', 'clicked'], subject.items, clock).map((history, i) => [
        `hostile-${i}`,
        history,
      ]),
    );
    for (const log of [
      { ...subject.log(), histories },
      {
        histories: new Map<string, History>(),
        catalogue: { hash: '', items: [] },
        traits: new Map(),
        trials: new Map(),
      },
    ]) {
      const learned = subject.learn(log);
      // A kind may say that there is nothing to be learned; then there is no model to be prepared with.
      if (learned === null) continue;
      expect(canonicalJson(JSON.parse(canonicalJson(learned)))).toBe(canonicalJson(learned));
      const { decide } = subject.prepare(undefined, { ...subject.parts(), learned });
      for (const profile of subject.one.profiles) decide(profile, () => subject.items, clock);
    }
  });
}

function testReferences<Definition>(subject: Subject<Definition>): void {
  const { kind } = subject;
  test('names what it refers to once, and cannot be prepared without', () => {
    const { contents, segments } = kind.references(subject.definition());
    expect(new Set(contents).size).toBe(contents.length);
    expect(new Set(segments).size).toBe(segments.length);
    for (const reference of [...contents, ...segments]) expect(reference).toMatch(/^[^@]+(@\d+)?$/);
    for (const reference of contents) {
      const parts = subject.parts();
      const without = new Map([...parts.contents].filter(([name]) => name !== reference));
      expect(() => subject.prepare(undefined, { ...parts, contents: without })).toThrow();
    }
    for (const name of segments) {
      const without = new Map([...subject.segments()].filter(([other]) => other !== name));
      expect(() => subject.prepare(undefined, { ...subject.parts(), segments: without })).toThrow();
    }
  });

  test('asks for candidates only if it says that it chooses from the catalogue', () => {
    if (kind.references(subject.definition()).catalogue) return;
    const { decide, trace } = subject.prepare();
    const asked = (): never => {
      throw new Error('asked for candidates');
    };
    for (const profile of subject.profiles()) {
      decide(profile, asked, clock);
      trace(profile, asked, clock);
    }
  });
}

function testNeeds<Definition>(subject: Subject<Definition>): void {
  test('looks at no event but those that it needs', () => {
    const { types, lookbackMs } = subject.needs();
    const { decide } = subject.prepare();
    const now = clock.getTime();
    const event = (id: string, type: string, at: number): Behaviour => ({
      id,
      type,
      at,
      value: 1_000_000,
      currency: 'EUR',
      order: id,
      item: subject.items[0]?.id ?? 'x',
      category: subject.items[0]?.category ?? 'x',
      class: 'human',
    });
    const strangers = ['view', 'cart', 'purchase', 'opened', 'clicked', 'nothing-like-it']
      .filter((type) => !types.includes(type))
      .map((type, i) => event(`stranger-${i}`, type, now - day - i));
    const late = types.map((type, i) => event(`late-${i}`, type, now + i));
    const old =
      lookbackMs === undefined
        ? []
        : types.map((type, i) => event(`old-${i}`, type, now - lookbackMs - 1 - i));
    for (const profile of subject.profiles()) {
      const chosen = decide(profile, () => subject.items, clock);
      const history = [...profile.history, ...strangers, ...late, ...old].sort((a, b) => a.at - b.at);
      expect(decide({ ...profile, history }, () => subject.items, clock)).toEqual(chosen);
    }
  });
}

function testTraits<Definition>(subject: Subject<Definition>): void {
  test('looks at no trait but those that it says it reads', () => {
    const reads = subject.kind.readsTraits(subject.definition(), subject.segments());
    expect(reads).toEqual([...new Set(reads)].sort());
    const { decide } = subject.prepare();
    for (const profile of subject.profiles()) {
      const known = Object.entries(profile.traits).filter(([name]) => reads.includes(name));
      const chosen = decide(profile, () => subject.items, clock);
      expect(decide({ ...profile, traits: Object.fromEntries(known) }, () => subject.items, clock)).toEqual(
        chosen,
      );
    }
  });
}

function testFeatures<Definition>(subject: Subject<Definition>): void {
  test('names every feature that its definition names, and needs what they need', () => {
    const definition = subject.definition();
    const reads = subject.kind.readsFeatures(definition, subject.segments());
    const own = subject.kind.readsFeatures(definition, new Map());
    expect([...own].sort()).toEqual([...new Set(featuresIn(definition))].sort());
    expect(reads).toEqual([...new Set(reads)]);
    expect(reads).toEqual(expect.arrayContaining([...own]));
    expect(reads.filter((name) => !isFeature(name))).toEqual([]);
    const needs = subject.needs();
    expect(joinNeeds([needs, needsOfFeatures(reads)])).toEqual(joinNeeds([needs]));
    expect(subject.kind.readsTraits(definition, subject.segments())).toEqual(
      expect.arrayContaining(traitNames(reads)),
    );
  });
}

function testEvents<Definition>(subject: Subject<Definition>): void {
  test('names every condition on events that its definition has, and needs what they need', () => {
    const { kind } = subject;
    const definition = subject.definition();
    const reads = kind.readsEvents?.(definition, subject.segments()) ?? [];
    const own = kind.readsEvents?.(definition, new Map()) ?? [];
    const texts = (all: readonly unknown[]): string[] => [...new Set(all.map(canonicalJson))].sort();
    expect(texts(own)).toEqual(texts(conditionsOnEventsIn(definition)));
    expect(texts(reads)).toHaveLength(reads.length);
    expect(texts(reads)).toEqual(expect.arrayContaining(texts(own)));
    const needs = subject.needs();
    const all = { all: reads };
    expect(joinNeeds([needs, needsOfCondition(all, new Map())])).toEqual(joinNeeds([needs]));
  });
}

/** Every condition in a definition that asks about events. */
function conditionsOnEventsIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('event' in value && 'measure' in value) return [value];
  return Object.values(value).flatMap(conditionsOnEventsIn);
}

/** Whatever a definition names as `feature` or among `features`. */
function featuresIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) => {
    if (key === 'feature' && typeof part === 'string') return [part];
    return key === 'features' && Array.isArray(part) ? (part as string[]) : featuresIn(part);
  });
}

function testChoices<Definition>(subject: Subject<Definition>): void {
  const { kind, items } = subject;
  const candidates = () => items;
  test('gives the same choice twice, from frozen inputs and from what was stored', () => {
    const first = subject.prepare(deepFreeze(subject.definition()), deepFreeze(subject.parts()));
    const stored = JSON.parse(canonicalJson(subject.definition())) as Definition;
    const learned = JSON.parse(canonicalJson(subject.learn())) as Parts['learned'];
    const second = subject.prepare(stored, { ...subject.parts(), learned });
    for (const profile of subject.profiles()) {
      const choice = first.decide(profile, candidates, clock);
      const frozen = deepFreeze({
        traits: Object.fromEntries(Object.entries(profile.traits)),
        history: structuredClone(profile.history),
        ...(profile.scores && { scores: { ...profile.scores } }),
      });
      expect(first.decide(frozen, () => deepFreeze([...items]), clock)).toEqual(choice);
      expect(second.decide(profile, candidates, new Date(clock))).toEqual(choice);
      expect(JSON.parse(JSON.stringify(choice))).toEqual(choice);
    }
  });

  test('gives choices that are whole, declared, explained and probable', () => {
    const definition = subject.definition();
    for (const [, choice] of subject.choices()) {
      if ('noChoice' in choice) {
        expect(kind.mayDecline(definition), 'who may decline says so').toBe(true);
        expect(choice.noChoice).not.toBe('');
        continue;
      }
      if (choice.withheld) expect(kind.mayWithhold?.(definition), 'who may withhold says so').toBe(true);
      expect(Object.keys(choice.slots).sort()).toEqual(
        choice.withheld ? [] : [...kind.slotNames(definition)].sort(),
      );
      expect(Object.values(choice.slots).every((content) => typeof content === 'string')).toBe(true);
      expect(choice.reason).not.toBe('');
      expect(choice.probability).toBeGreaterThan(0);
      expect(choice.probability).toBeLessThanOrEqual(1);
    }
  });

  test('names candidates only, each once, best first, with a reason', () => {
    const { decide } = subject.prepare();
    const few = [items, items.slice(0, 1), []];
    for (const profile of subject.profiles()) {
      for (const offered of few) {
        const choice = decide(profile, () => offered, clock);
        const named = 'items' in choice ? (choice.items ?? []) : [];
        const ids = named.map(({ item }) => item);
        expect(offered.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
        expect(new Set(ids).size).toBe(ids.length);
        const scores = named.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
        for (const { score, reason } of named) {
          expect(Number.isFinite(score)).toBe(true);
          expect(reason).not.toBe('');
        }
      }
    }
  });

  test('always leads to content where there is a fallback', () => {
    const slotNames = kind.slotNames(subject.definition());
    const fallback = Object.fromEntries(slotNames.map((name) => [name, 'fallback']));
    const { decide } = subject.prepare();
    const mayWithhold = kind.mayWithhold?.(subject.definition()) ?? false;
    for (const profile of subject.profiles()) {
      const decision = decideFor({ decide, slotNames, mayWithhold, fallback }, profile, candidates, clock);
      if ('withheld' in decision) continue;
      expect(Object.keys('slots' in decision ? decision.slots : {}).sort()).toEqual([...slotNames].sort());
    }
  });

  test('says why in a few words, which are the same again', () => {
    const { decide, gist } = subject.prepare();
    const again = subject.prepare().gist;
    for (const profile of subject.profiles()) {
      if (!gist || 'noChoice' in decide(profile, candidates, clock)) continue;
      const text = JSON.stringify(gist(deepFreeze(structuredClone(profile)), candidates, clock));
      expect(text.length).toBeLessThanOrEqual(500);
      expect(JSON.stringify(again?.(profile, candidates, new Date(clock)))).toBe(text);
    }
  });

  test('says why, in JSON', () => {
    const { trace } = subject.prepare();
    for (const profile of subject.profiles()) {
      const why = trace(profile, candidates, clock);
      expect(why).toBeDefined();
      expect(JSON.parse(JSON.stringify(why))).toEqual(
        JSON.parse(JSON.stringify(trace(profile, candidates, clock))),
      );
    }
  });
}
