import { findFeature } from '../features/feature.js';
import { knownTrait } from '../known-trait.js';
import { type Condition, type FeatureLeaf, type Leaf, type TraitLeaf, isDateTest } from './condition.js';
import { compileEventLeaf } from './count-events.js';
import { compileDateTest } from './date-test.js';
import type { Check } from './subject.js';
import { compileTest } from './value-test.js';

/** Segments by `name@version`, each made ready once however many conditions name it. */
export class Segments {
  readonly #conditions: ReadonlyMap<string, Condition>;
  readonly #ready = new Map<string, Check>();
  /** Being made ready now, outermost first. */
  readonly #open: string[] = [];

  constructor(conditions: ReadonlyMap<string, Condition>) {
    this.#conditions = conditions;
  }

  /** @throws Error where a segment is missing or leads back to itself. */
  check(reference: string): Check {
    const ready = this.#ready.get(reference);
    if (ready) return ready;
    if (this.#open.includes(reference)) {
      throw new Error(`segments lead back to themselves: ${[...this.#open, reference].join(' > ')}`);
    }
    this.#open.push(reference);
    const inner = compileCondition(this.condition(reference), this);
    this.#open.pop();
    // Asked once for a recipient, or segments that each name another one twice would double the work at every level.
    const check: Check = (subject) => subject.verdict(reference, inner);
    this.#ready.set(reference, check);
    return check;
  }

  /** @throws Error where a segment is missing. */
  condition(reference: string): Condition {
    const condition = this.#conditions.get(reference);
    if (condition === undefined) throw new Error(`segment ${reference} is missing`);
    return condition;
  }
}

/** @throws Error where a segment is missing or leads back to itself. */
export function compileCondition(condition: Condition, segments: Segments): Check {
  if ('all' in condition) return compileAll(condition.all.map((part) => compileCondition(part, segments)));
  if ('any' in condition) return compileAny(condition.any.map((part) => compileCondition(part, segments)));
  if ('not' in condition) {
    const inner = compileCondition(condition.not, segments);
    return (subject) => !inner(subject);
  }
  return compileLeaf(condition, segments);
}

function compileAll(checks: readonly Check[]): Check {
  const [first, second, third] = checks;
  if (first && !second) return first;
  if (first && second && !third) return (subject) => first(subject) && second(subject);
  return (subject) => {
    for (const check of checks) if (!check(subject)) return false;
    return true;
  };
}

function compileAny(checks: readonly Check[]): Check {
  const [first, second, third] = checks;
  if (first && !second) return first;
  if (first && second && !third) return (subject) => first(subject) || second(subject);
  return (subject) => {
    for (const check of checks) if (check(subject)) return true;
    return false;
  };
}

export function compileLeaf(leaf: Leaf, segments: Segments): Check {
  if ('trait' in leaf) return compileTraitLeaf(leaf);
  if ('event' in leaf) return compileEventLeaf(leaf);
  if ('feature' in leaf) return compileFeatureLeaf(leaf);
  return segments.check(leaf.segment);
}

function compileTraitLeaf(leaf: TraitLeaf): Check {
  const { trait } = leaf;
  if (isDateTest(leaf)) {
    const passes = compileDateTest(leaf);
    return ({ profile, zone, clock }) => passes(knownTrait(profile.traits, trait), zone, clock);
  }
  const passes = compileTest(leaf);
  return ({ profile }) => passes(knownTrait(profile.traits, trait));
}

function compileFeatureLeaf(leaf: FeatureLeaf): Check {
  const feature = findFeature(leaf.feature);
  if (feature === undefined) throw new Error(`feature ${leaf.feature} is missing`);
  const passes = compileTest(leaf);
  return (subject) => passes(subject.feature(feature));
}
