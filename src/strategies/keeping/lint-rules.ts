import type { Condition } from '../../profiles/conditions/condition.js';
import type { Profile } from '../../profiles/history.js';
import type { Rule } from '../rules/rule.js';
import { findConflicts, Observed } from './find-conflicts.js';
import { findGaps } from './find-gaps.js';
import { findIdleRules, profilesOf } from './find-idle-rules.js';
import type { RuleBook } from './rule-book.js';
import { bySeverity, type Finding } from './finding.js';
import { afresh, edgeProfiles, type Found, search, study, type Study } from './study.js';

/** Verdicts that profiles which are made up may cost, and how many of them there are at most: a second at the worst. */
const mostVerdicts = 300_000;
const mostEdges = 20_000;

/** What a lint of rules rests on, beside the rules themselves. */
export interface RulesLint {
  readonly findings: readonly Finding[];
  /** Profiles looked at that were made up from the bounds of the conditions. */
  readonly madeUp: number;
  /** Profiles looked at that are stored, and how each rule fared among them. */
  readonly stored: number;
  readonly fared: readonly { readonly rule: string; readonly matched: number; readonly won: number }[];
}

/** Looks for rules that contradict each other or themselves. Stored profiles are shown to it one after the other. */
export class RulesLinter {
  readonly #book: RuleBook;
  readonly #rules: readonly Rule[];
  readonly #study: Study;
  readonly #stored: Observed;

  /** @param clock milliseconds since 1970; events are made up before it. */
  constructor(book: RuleBook, segments: ReadonlyMap<string, Condition>, clock: number) {
    const { rules } = book;
    this.#book = book;
    this.#rules = rules;
    this.#study = study(
      rules.map(({ when }) => when),
      segments,
      clock,
    );
    this.#stored = new Observed(rules, this.#study);
  }

  /** A profile as it is stored. */
  look(profile: Profile, recipientKey: string): void {
    this.#stored.look(profile, recipientKey);
  }

  finish(): RulesLint {
    const [rules, stored] = [this.#rules, this.#stored];
    const finding = afresh(this.#study);
    const found = rules.map((_, i): Found => search(finding, [i], []));
    const madeUp = new Observed(rules, this.#study);
    for (const profile of edgeProfiles(afresh(this.#study), profilesOf(found))) {
      if (madeUp.seen >= Math.min(mostEdges, mostVerdicts / rules.length)) break;
      madeUp.look(profile);
    }
    const all = joined(rules, this.#study, stored, madeUp);
    const { exclusive, hasDefault } = this.#book;
    const conflicts = exclusive ? [] : findConflicts(rules, afresh(this.#study), all);
    const told = new Set(conflicts.map((finding) => finding.rules.join(' ')));
    const findings = [
      ...conflicts,
      // Of two rules in conflict, which one goes first is not settled yet.
      ...findIdleRules(rules, afresh(this.#study), found, all).filter(
        (one) => !told.has(one.rules.join(' ')),
      ),
      ...(exclusive ? [] : findGaps(rules, afresh(this.#study), hasDefault)),
    ];
    const fared = rules.map(({ id }, i) => ({
      rule: id,
      matched: stored.matched[i] ?? 0,
      won: stored.won[i] ?? 0,
    }));
    return { findings: findings.sort(bySeverity), madeUp: madeUp.seen, stored: stored.seen, fared };
  }
}

/** Witnesses that are made up come first: they are simple, and nobody's data. */
function joined(rules: readonly Rule[], about: Study, stored: Observed, madeUp: Observed): Observed {
  const all = new Observed(rules, about);
  for (const [i] of rules.entries()) {
    all.matched[i] = (stored.matched[i] ?? 0) + (madeUp.matched[i] ?? 0);
    all.won[i] = (stored.won[i] ?? 0) + (madeUp.won[i] ?? 0);
  }
  for (const [key, witness] of [...madeUp.clashes, ...stored.clashes]) {
    if (!all.clashes.has(key)) all.clashes.set(key, witness);
  }
  return all;
}
