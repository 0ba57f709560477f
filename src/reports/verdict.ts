import type { BestArm } from './best-arm.js';
import type { Contest } from './contest.js';
import { countText } from './format.js';
import type { Finding, MetricReport, Verdict, VerdictKind } from './report.js';
import {
  allowedText,
  contestText,
  factsText,
  guardrailText,
  guardrailsInWords,
  namesText,
  notShownText,
} from './verdict-words.js';

/** What a verdict is made from. */
export interface VerdictFacts {
  readonly metric: Pick<MetricReport, 'key' | 'title' | 'direction'>;
  /** What is compared on the deciding metric. */
  readonly contests: readonly Contest[];
  /** The same comparisons on every guardrail metric. */
  readonly guardrails: readonly Guardrail[];
  /** Findings of the health checks. */
  readonly health: readonly Finding[];
  readonly interim?: string;
  /** Why the deciding metric must not decide. */
  readonly undecidable?: string;
  /** A test rejects below this: 1 - level. */
  readonly alpha: number;
  /** Whether the arm on top also beats all others. */
  readonly best?: BestArm;
}

export interface Guardrail {
  readonly metric: Pick<MetricReport, 'key' | 'title' | 'direction'>;
  readonly contests: readonly Contest[];
}

/** A verdict with more notes than this is not read. */
const mostNotes = 8;

/** The first case that holds gives the verdict. */
const cases: readonly ((facts: VerdictFacts) => Verdict | undefined)[] = [
  untrustworthy,
  interim,
  undecidable,
  refused,
  decided,
];

export function verdictOf(facts: VerdictFacts): Verdict {
  for (const one of cases) {
    const verdict = one(facts);
    if (verdict) return verdict;
  }
  return make(facts, 'refused', 'No verdict: nothing can be compared.');
}

function make(
  facts: VerdictFacts,
  kind: VerdictKind,
  sentence: string,
  contests: readonly Contest[] = [],
  notes: readonly string[] = [],
): Verdict {
  const more = notes.length - mostNotes;
  const shown =
    more > 0 ? [...notes.slice(0, mostNotes), `${more} more comparisons: see the tables.`] : notes;
  return { kind, sentence, notes: shown, metric: facts.metric.key, arms: contests.map((one) => one.key) };
}

function untrustworthy(facts: VerdictFacts): Verdict | undefined {
  const blocking = facts.health.find((finding) => finding.blocksVerdict === true);
  if (!blocking) return undefined;
  return make(facts, 'untrustworthy', `Do not decide on these data. ${blocking.text}`);
}

function interim(facts: VerdictFacts): Verdict | undefined {
  return facts.interim === undefined
    ? undefined
    : make(facts, 'interim', `No verdict yet. ${facts.interim}`, [], ['The figures may still change.']);
}

function undecidable(facts: VerdictFacts): Verdict | undefined {
  return facts.undecidable === undefined
    ? undefined
    : make(facts, 'refused', `No verdict on ${facts.metric.title}: ${facts.undecidable}`);
}

function refused(facts: VerdictFacts): Verdict | undefined {
  if (facts.contests.some((one) => !('refused' in one.test))) return undefined;
  const reasons = facts.contests.flatMap((one) => ('refused' in one.test ? [one.test.reason] : []));
  const reason = [...new Set(reasons)][0] ?? 'There is only one arm, so there is nothing to compare.';
  return make(facts, 'refused', `No verdict on ${facts.metric.title}: ${reason}`);
}

type Outcome = 'better' | 'worse' | 'not_shown' | 'refused';

function outcomeOf(contest: Contest, facts: VerdictFacts): Outcome {
  if ('refused' in contest.test || 'refused' in contest.difference) return 'refused';
  const p = contest.adjusted?.p ?? contest.test.p;
  if (p >= facts.alpha) return 'not_shown';
  const up = contest.difference.value > 0;
  return up === (facts.metric.direction === 'increase') ? 'better' : 'worse';
}

/** Guardrails on which an arm got worse, at a one-sided level: harm need not be proven as strictly as gain. */
function harmed(contest: Contest, facts: VerdictFacts): Guardrail[] {
  return facts.guardrails.filter(({ metric, contests }) => {
    const same = contests.find((one) => one.key === contest.key);
    if (!same || 'refused' in same.test || 'refused' in same.difference) return false;
    const value = same.difference.value;
    const worse = metric.direction === 'increase' ? value < 0 : value > 0;
    return worse && same.test.p < 2 * facts.alpha;
  });
}

function decided(facts: VerdictFacts): Verdict {
  const by = (outcome: Outcome): Contest[] =>
    facts.contests.filter((one) => outcomeOf(one, facts) === outcome);
  const better = by('better');
  const held = better.filter((one) => harmed(one, facts).length > 0);
  const clean = better.filter((one) => !held.includes(one));
  const worse = by('worse');
  const heldNotes = held.flatMap((one) =>
    harmed(one, facts).map((guardrail) => guardrailText(one, guardrail)),
  );
  const worseNotes = worse.map((one) => contestText('worse', one, facts.metric));
  const restNotes = [...by('not_shown'), ...by('refused')].map((one) => notShownText(one, facts.metric));
  const notes = { held: heldNotes, worse: worseNotes, rest: restNotes };
  const [first] = clean;
  if (clean.length > 1) return severalBetter(facts, clean, notes);
  if (first) {
    const all = [...notes.held, ...notes.worse, ...notes.rest];
    return make(facts, 'better', contestText('better', first, facts.metric), [first], all);
  }
  if (held.length > 0) return heldBack(facts, held, notes);
  if (worse.length > 0) return onlyWorse(facts, worse, notes);
  return noDifference(facts, restNotes);
}

interface Notes {
  readonly held: readonly string[];
  readonly worse: readonly string[];
  readonly rest: readonly string[];
}

function severalBetter(facts: VerdictFacts, clean: readonly Contest[], notes: Notes): Verdict {
  const each = clean.map((one) => `${one.name}: ${factsText(one)}.`);
  const top = clean.some((one) => one.key === facts.best?.arm);
  const best = top && facts.best ? facts.best.text : 'Which of them is best is not shown.';
  const against = [...new Set(clean.map((one) => one.against))];
  const than = against.length === 1 ? ` than ${against.join('')}` : ' than what they were compared with';
  const sentence = `${namesText(clean)} each did better${than} on ${facts.metric.title}. ${best}`;
  const all = [...each, ...notes.held, ...notes.worse, ...notes.rest];
  return make(facts, 'several_better', sentence, clean, all);
}

function heldBack(facts: VerdictFacts, held: readonly Contest[], notes: Notes): Verdict {
  const [first] = held;
  const harm = [...new Set(held.flatMap((one) => harmed(one, facts).map((g) => g.metric.title)))];
  const did = held.length === 1 && first ? contestText('better', first, facts.metric) : '';
  const several = `${namesText(held)} did better on ${facts.metric.title}.`;
  const sentence = `${did === '' ? several : did} But ${guardrailsInWords(harm)} got worse, so this is held back.`;
  return make(facts, 'held_back', sentence, held, [...notes.held, ...notes.worse, ...notes.rest]);
}

function onlyWorse(facts: VerdictFacts, worse: readonly Contest[], notes: Notes): Verdict {
  const [first] = worse;
  if (worse.length === 1 && first) {
    return make(facts, 'worse', contestText('worse', first, facts.metric), worse, notes.rest);
  }
  const each = worse.map((one) => `${one.name}: ${factsText(one)}.`);
  const sentence = `${namesText(worse)} each did worse than ${first?.against ?? 'the control'} on ${facts.metric.title}.`;
  return make(facts, 'worse', sentence, worse, [...each, ...notes.rest]);
}

function noDifference(facts: VerdictFacts, rest: readonly string[]): Verdict {
  const [only, second] = facts.contests;
  if (only && !second) {
    const sentence = `No difference shown on ${facts.metric.title} between ${only.name} and ${only.against}: ${factsText(only)}. ${allowedText(only)}`;
    return make(facts, 'no_difference_shown', sentence);
  }
  const n = countText(Math.max(...facts.contests.map((one) => one.n)));
  const sentence = `No difference shown on ${facts.metric.title}: none of ${facts.contests.length} comparisons tells its two sides apart (up to ${n} recipients each). That does not prove they are alike; the intervals say what is still possible.`;
  return make(facts, 'no_difference_shown', sentence, [], rest);
}
