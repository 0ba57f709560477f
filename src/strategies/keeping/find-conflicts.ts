import type { Profile } from '../../profiles/history.js';
import { canonicalJson } from '../content-hash.js';
import type { Rule } from '../rules/rule.js';
import type { Finding } from './finding.js';
import { spellProfile } from './spell-profile.js';
import { search, type Study } from './study.js';

/** Pairs that are searched for somebody whom both match; beyond that, only what profiles show is known. */
const mostSearches = 4_000;

/** Conflicts that are told one by one, and pairs of which it was not decided. */
const mostTold = 50;
const mostUndecided = 10;

/** Rules of one standing that match one profile, and pairs of them that clash, of which more is not kept. */
const mostPeers = 100;
const mostClashes = 1_000;

/** Rules that only their ids put in an order. */
export function sameStanding(a: Rule, b: Rule): boolean {
  return a.exception === b.exception && a.priority === b.priority;
}

/** The first slot that both rules set, to different values. */
export function clashingSlot(a: Rule, b: Rule): string | undefined {
  return Object.keys(a.slots).find(
    (slot) => Object.hasOwn(b.slots, slot) && canonicalJson(a.slots[slot]) !== canonicalJson(b.slots[slot]),
  );
}

interface Seen {
  readonly profile: Profile;
  readonly recipientKey?: string;
}

/** What profiles show, one after the other. */
export class Observed {
  readonly #rules: readonly Rule[];
  readonly #study: Study;
  /** How many profiles each rule matched, and how many it won. */
  readonly matched: number[];
  readonly won: number[];
  seen = 0;
  /** The first profile for which two clashing rules are the highest that match, by `i,j`. */
  readonly clashes = new Map<string, Seen>();

  /** @param rules in order of precedence, as the conditions of the study. */
  constructor(rules: readonly Rule[], study: Study) {
    this.#rules = rules;
    this.#study = study;
    this.matched = rules.map(() => 0);
    this.won = rules.map(() => 0);
  }

  look(profile: Profile, recipientKey?: string): void {
    this.seen += 1;
    const matching = this.#study.checks.flatMap((check, i) => (check(profile) ? [i] : []));
    for (const i of matching) this.matched[i] = (this.matched[i] ?? 0) + 1;
    const [first] = matching;
    const highest = first === undefined ? undefined : this.#rules[first];
    if (first === undefined || !highest) return;
    this.won[first] = (this.won[first] ?? 0) + 1;
    if (this.clashes.size >= mostClashes) return;
    const peers = matching
      .filter((i) => sameStanding(highest, this.#rules[i] ?? highest))
      .slice(0, mostPeers);
    for (const [a, b] of pairsOf(peers)) {
      const key = `${a},${b}`;
      const [one, other] = [this.#rules[a], this.#rules[b]];
      if (this.clashes.has(key) || !one || !other || clashingSlot(one, other) === undefined) continue;
      this.clashes.set(key, { profile, ...(recipientKey !== undefined && { recipientKey }) });
    }
  }
}

/**
 * Pairs of rules of the same standing that can be the highest to match at once and set a slot to different values, so that
 * only their ids decide. Where a rule of higher standing settles the matter for everybody, there is no conflict.
 */
export function findConflicts(rules: readonly Rule[], study: Study, observed: Observed): Finding[] {
  let searches = 0;
  let hits = 0;
  const undecided: (readonly [Rule, Rule])[] = [];
  const all = pairsOf(rules.map((_, i) => i)).flatMap(([a, b]): (Finding & { readonly seen: Seen })[] => {
    const [one, other] = [rules[a], rules[b]];
    if (!one || !other || !sameStanding(one, other)) return [];
    const slot = clashingSlot(one, other);
    if (slot === undefined) return [];
    const known = observed.clashes.get(`${a},${b}`);
    if (known) return [{ ...conflict(one, other, slot), seen: known }];
    searches += 1;
    if (hits >= mostTold) return [];
    const higher = rules.flatMap((rule, i) => (i < a && !sameStanding(rule, one) ? [i] : []));
    const found = searches > mostSearches ? { impossible: false } : search(study, [a, b], higher);
    if (found.profile !== undefined) {
      hits += 1;
      return [{ ...conflict(one, other, slot), seen: { profile: found.profile } }];
    }
    if (!found.impossible) undecided.push([one, other]);
    return [];
  });
  return [...toldOf(all, study), ...undecidedOf(undecided)];
}

/** Said of pairs for which neither somebody was found nor a proof that there is nobody. */
function undecidedOf(pairs: readonly (readonly [Rule, Rule])[]): Finding[] {
  const told = pairs.slice(0, mostUndecided).map(([one, other]): Finding => ({
    code: 'undecided',
    severity: 'warning',
    rules: [one.id, other.id],
    message: `Whether "${one.id}" and "${other.id}" can both match somebody was not decided: nobody was found, and nothing proves that there is nobody. Give one a higher priority, so that it does not depend on their ids.`,
  }));
  const untold = pairs.length - told.length;
  if (untold === 0) return told;
  const message = `Of ${untold} more pairs of rules it was not decided whether both can match somebody. Give the rules priorities that say which goes first.`;
  return [...told, { code: 'undecided', severity: 'warning', rules: [], message }];
}

function toldOf(all: readonly (Finding & { readonly seen: Seen })[], study: Study): Finding[] {
  const told = all.slice(0, mostTold).map(({ seen, ...finding }): Finding => ({
    ...finding,
    witness: { ...seen, text: spellProfile(seen.profile, study.clock) },
  }));
  const untold = all.length - mostTold;
  if (untold <= 0) return told;
  const message = `At least ${untold} more pairs of rules conflict in the same way. Give the rules priorities that say which goes first.`;
  return [...told, { code: 'conflict', severity: 'error', rules: [], message }];
}

function conflict(one: Rule, other: Rule, slot: string): Finding {
  const standing = `${one.exception ? 'both are exceptions, ' : ''}both have priority ${one.priority}`;
  return {
    code: 'conflict',
    severity: 'error',
    rules: [one.id, other.id],
    slot,
    message: `"${one.id}" and "${other.id}" both match some recipients and set ${slot} to different values; ${standing}, so only their ids decide. Give one a higher priority, make it an exception, or let their conditions exclude each other.`,
  };
}

function pairsOf(positions: readonly number[]): [number, number][] {
  return positions.flatMap((a, i) => positions.slice(i + 1).map((b): [number, number] => [a, b]));
}
