import { leavesOf } from '../../profiles/conditions/condition.js';
import type { Profile } from '../../profiles/history.js';
import type { Custody } from '../custody.js';
import { findKind } from '../registry.js';
import type { Rule } from '../rules/rule.js';
import { conditionsOf } from '../../profiles/segments/segment.js';
import { contentsOf, type Decider, type Parts, type StrategyKind } from '../strategy.js';
import { bySeverity, type Finding } from './finding.js';
import { findNeglect } from './find-neglect.js';
import { RulesLinter } from './lint-rules.js';
import { type KeptStrategy, ruleBook } from './rule-book.js';
import { runTests, type TestResult } from './run-tests.js';
import { isUnknownFeature } from './without-segments.js';

/** What a definition refers to, as far as it could be looked up: without a database nothing can. */
export interface LookedUp {
  /** By `name@version`. */
  readonly contents: ReadonlyMap<string, string>;
  /** By `name@version`: objects with `when`. */
  readonly segments: Parts['segments'];
}

export interface Lint {
  /** Errors first. */
  readonly findings: readonly Finding[];
  readonly tests: readonly TestResult[];
  /** What was not looked up, and so not checked. */
  readonly unchecked: readonly string[];
  /** Profiles looked at that were made up from the bounds of the conditions. */
  readonly madeUp: number;
  /** Stored profiles looked at. */
  readonly stored: number;
  /** How each rule fared among the stored ones, in order of precedence. */
  readonly fared: readonly { readonly rule: string; readonly matched: number; readonly won: number }[];
}

/**
 * Looks for what is wrong with a strategy, and runs the tests that stand beside it. Stored profiles are shown to it one after
 * the other, if there are any, before it finishes.
 */
export class StrategyLinter {
  readonly #strategy: KeptStrategy;
  readonly #lookedUp: LookedUp;
  readonly #clock: number;
  readonly #rules: RulesLinter | undefined;

  /** @param clock milliseconds since 1970. */
  constructor(strategy: KeptStrategy, lookedUp: LookedUp, clock: number) {
    this.#strategy = strategy;
    this.#lookedUp = lookedUp;
    this.#clock = clock;
    const book = ruleBook(strategy);
    const segments = conditionsOf(lookedUp.segments);
    this.#rules = book && new RulesLinter(book, segments, clock);
  }

  /** Whether stored profiles would tell anything. */
  get wantsProfiles(): boolean {
    return this.#rules !== undefined;
  }

  look(profile: Profile, recipientKey: string): void {
    this.#rules?.look(profile, recipientKey);
  }

  finish(): Lint {
    const custody = this.#strategy.definition as Custody;
    const tests = ownTests(this.#strategy, this.#lookedUp);
    const rules = this.#rules?.finish();
    const book = ruleBook(this.#strategy);
    const findings = [
      ...(book ? unknownFeatures(book.rules) : []),
      ...failedTests(tests),
      ...(rules?.findings ?? []),
      ...(book ? findNeglect(custody, book.rules, this.#clock) : []),
    ];
    return {
      findings: findings.sort(bySeverity),
      tests,
      unchecked: uncheckedIn(this.#strategy, this.#lookedUp),
      madeUp: rules?.madeUp ?? 0,
      stored: rules?.stored ?? 0,
      fared: rules?.fared ?? [],
    };
  }
}

function kindOf({ kind }: KeptStrategy): StrategyKind<unknown> {
  const found = findKind(kind);
  if (!found) throw new Error(`there is no kind of strategy "${kind}"`);
  return found;
}

function missing(names: readonly string[], known: ReadonlyMap<string, unknown>): string[] {
  return [...new Set(names)].filter((name) => !known.has(name));
}

function unknownFeatures(rules: readonly Rule[]): Finding[] {
  return rules.flatMap(({ id, when }) =>
    leavesOf(when)
      .filter(isUnknownFeature)
      .map((leaf): Finding => {
        const name = 'feature' in leaf ? leaf.feature : '';
        const message = `There is no feature "${name}": correct its name.`;
        return { code: 'unknown_feature', severity: 'error', rules: [id], message };
      }),
  );
}

function failedTests(tests: readonly TestResult[]): Finding[] {
  return tests
    .filter(({ passed }) => !passed)
    .map((result): Finding => ({
      code: 'test_failed',
      severity: 'error',
      rules: [result.expected, result.actual].filter(
        (rule): rule is string => rule !== null && rule !== 'default',
      ),
      message: `Test "${result.name}" fails: ${spellFailure(result)}.`,
    }));
}

/** What a failed test got instead of what it expects. */
export function spellFailure({ expected, actual, slots, problem }: TestResult): string {
  if (problem !== undefined) return problem;
  if (expected !== actual) return `it expects ${spellWinner(expected)}, and ${spellWinner(actual)} wins`;
  const [slot] = slots;
  if (!slot) return 'it passes';
  const got = slot.actual === undefined ? 'nothing' : JSON.stringify(slot.actual);
  return `it expects ${JSON.stringify(slot.expected)} in ${slot.slot}, and ${got} is delivered`;
}

function spellWinner(winner: string | null): string {
  if (winner === null) return 'nothing';
  return winner === 'default' ? 'the default' : `"${winner}"`;
}

/**
 * Runs the tests beside a definition. A content that was not looked up stands for itself; where a segment was not, none is run.
 */
export function ownTests(strategy: KeptStrategy, { contents, segments }: LookedUp): TestResult[] {
  const { definition } = strategy;
  const kind = kindOf(strategy);
  const { tests = [] } = definition as Custody;
  const needed = kind.references(definition).segments;
  if (tests.length === 0 || missing(needed, segments).length > 0) return [];
  const named = [
    ...kind.references(definition).contents,
    ...tests.flatMap((one) => contentsOf(one.expect.slots ?? {})),
  ];
  const texts = new Map(named.map((name) => [name, contents.get(name) ?? `content ${name}`]));
  let decider: Decider;
  try {
    decider = kind.prepare(definition, { learned: null, contents: texts, segments });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return tests.map(({ name, expect }) => ({
      ...{ name, passed: false, expected: expect.rule, actual: null, slots: [], problem },
    }));
  }
  return runTests(tests, { decider, slotNames: kind.slotNames(definition), contents: texts });
}

/** What is named and was not looked up, and what could not be done without it. */
export function uncheckedIn(strategy: KeptStrategy, { contents, segments }: LookedUp): string[] {
  const { definition } = strategy;
  const asked = kindOf(strategy).references(definition);
  const unknown = missing(asked.segments, segments);
  const { tests = [] } = definition as Custody;
  return [
    ...missing(asked.contents, contents).map((name) => `content ${name}`),
    ...unknown.map((name) => `segment ${name}`),
    ...(tests.length > 0 && unknown.length > 0 ? ['its tests, which need the segments'] : []),
  ];
}
