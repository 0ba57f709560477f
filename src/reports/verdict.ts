import type { BestArm } from './best-arm.js';
import type { Contest } from './contest.js';
import { concernsOf, holdsBack, type Guardrail } from './guardrail.js';
import { counted } from './format.js';
import type { Finding, Verdict, VerdictKind } from './report.js';
import type { MetricReport } from './report-metric.js';
import {
  besideText,
  concernText,
  contestText,
  doubtfulText,
  eachText,
  factsText,
  heldBackText,
} from './verdict-words.js';
import { noDifferenceText, noneOfText, notShownText, type MetricWords } from './verdict-words.js';
import type { Warning } from '../statistics/result.js';

/** What a verdict is made from. */
export interface VerdictFacts {
  readonly metric: MetricWords & Pick<MetricReport, 'key'>;
  /** What is compared on the deciding metric. */
  readonly contests: readonly JudgedContest[];
  readonly guardrails: readonly Guardrail[];
  /** Findings of the health checks. */
  readonly health: readonly Finding[];
  readonly interim?: string;
  /** Why the deciding metric must not decide. */
  readonly undecidable?: string;
  /** Guardrails that hold nothing back, and why, as sentences. */
  readonly powerless?: readonly string[];
  /** A test rejects below this: 1 - level. */
  readonly alpha: number;
  /** Of several better arms: whether the one on top also beats all others. */
  readonly best?: BestArm;
  /** Of several better factor levels: what they reach together. */
  readonly combined?: (better: readonly Contest[]) => string;
}

export interface JudgedContest extends Contest {
  readonly warnings: readonly Warning[];
}

/** A verdict with more notes than this is not read; only what must be known exceeds it. */
const mostNotes = 8;
/** Where a test is in doubt, a p-value decides only up to this. */
const surely = 0.01;

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

/** What stands beside the sentence: what the reader must know, then what fits. */
interface Notes {
  readonly must: readonly string[];
  readonly may?: readonly string[];
}

function make(
  facts: VerdictFacts,
  kind: VerdictKind,
  sentence: string,
  contests: readonly Contest[] = [],
  { must, may = [] }: Notes = { must: [] },
): Verdict {
  const room = Math.max(0, mostNotes - must.length);
  const more = may.length - room;
  const left = more > 0 ? [`${counted(more, 'more note')}: see the tables.`] : [];
  const shown = [...must, ...may.slice(0, room), ...left];
  return { kind, sentence, notes: shown, metric: facts.metric.key, arms: contests.map((one) => one.key) };
}

function untrustworthy(facts: VerdictFacts): Verdict | undefined {
  const blocking = facts.health.find((finding) => finding.blocksVerdict === true);
  if (!blocking) return undefined;
  return make(facts, 'untrustworthy', `Do not decide on these data. ${blocking.text}`);
}

function interim(facts: VerdictFacts): Verdict | undefined {
  if (facts.interim === undefined) return undefined;
  const must = ['The figures may still change.', ...besideNotes(facts, facts.contests, true)];
  return make(facts, 'interim', `No verdict yet. ${facts.interim}`, [], { must });
}

function undecidable(facts: VerdictFacts): Verdict | undefined {
  if (facts.undecidable === undefined) return undefined;
  const sentence = `No verdict on ${facts.metric.title}: ${facts.undecidable}`;
  return make(facts, 'refused', sentence, [], { must: besideNotes(facts, facts.contests) });
}

function refused(facts: VerdictFacts): Verdict | undefined {
  if (facts.contests.some((one) => !('refused' in one.test))) return undefined;
  const reasons = facts.contests.flatMap((one) => ('refused' in one.test ? [one.test.reason] : []));
  const reason = [...new Set(reasons)][0] ?? 'There is only one arm, so there is nothing to compare.';
  const sentence = `No verdict on ${facts.metric.title}: ${reason}`;
  return make(facts, 'refused', sentence, [], { must: besideNotes(facts, facts.contests) });
}

type Outcome = 'better' | 'worse' | 'doubtful' | 'not_shown' | 'refused';

function outcomeOf(contest: JudgedContest, facts: VerdictFacts): Outcome {
  if ('refused' in contest.test || 'refused' in contest.difference) return 'refused';
  const p = contest.adjusted?.p ?? contest.test.p;
  if (p >= facts.alpha) return 'not_shown';
  if (p > surely && contest.warnings.some((one) => one.code === 'skewed_unequal')) return 'doubtful';
  const up = contest.difference.value > 0;
  return up === (facts.metric.direction === 'increase') ? 'better' : 'worse';
}

/** The contests by outcome, and what is to be noted beside the sentence. */
interface Sorted extends Readonly<Record<Outcome, readonly JudgedContest[]>> {
  /** Better, and held back by no guardrail. */
  readonly clean: readonly JudgedContest[];
  readonly held: readonly JudgedContest[];
}

function sorted(facts: VerdictFacts): Sorted {
  const by = (outcome: Outcome): JudgedContest[] =>
    facts.contests.filter((one) => outcomeOf(one, facts) === outcome);
  const better = by('better');
  const held = better.filter((one) => concerns(one, facts).some(holdsBack));
  return {
    better,
    held,
    clean: better.filter((one) => !held.includes(one)),
    worse: by('worse'),
    doubtful: by('doubtful'),
    not_shown: by('not_shown'),
    refused: by('refused'),
  };
}

function concerns(contest: Contest, facts: VerdictFacts) {
  return concernsOf(contest.key, facts.guardrails, facts.alpha);
}

function decided(facts: VerdictFacts): Verdict {
  const { clean, held, worse, doubtful, ...rest } = sorted(facts);
  const others = [...rest.not_shown, ...rest.refused];
  const worseNotes = worse.map((one) => contestText('worse', one, facts.metric));
  const tail = [
    ...doubtful.map((one) => `${one.name}: ${factsText(one)}, which cannot be relied on.`),
    ...others.map((one) => notShownText(one, facts.metric)),
  ];
  const must = [
    ...[...held, ...clean].flatMap((one) => concerns(one, facts).map((what) => concernText(one, what))),
    ...besideNotes(
      facts,
      facts.contests.filter((one) => !rest.better.includes(one)),
    ),
    ...warningNotes(facts),
    ...(facts.powerless ?? []),
  ];
  const notes = { must, may: [...worseNotes, ...tail] };
  const [first] = clean;
  if (clean.length > 1) return severalBetter(facts, clean, notes);
  if (first) return make(facts, 'better', contestText('better', first, facts.metric), [first], notes);
  if (held.length > 0) return heldBack(facts, held, notes);
  if (worse.length > 0) return onlyWorse(facts, worse, { must, may: tail });
  if (doubtful.length > 0)
    return make(facts, 'refused', doubtfulText(doubtful, facts.metric, surely), [], { must, may: tail });
  return noDifference(facts, { must, may: tail });
}

/** Guardrails that got worse in arms that are not better: nobody should overlook them. */
function besideNotes(facts: VerdictFacts, contests: readonly Contest[], soFar = false): string[] {
  return contests.flatMap((one) =>
    concerns(one, facts)
      .filter((what) => holdsBack(what) && what.kind !== 'not_excluded') // so is every small or early arm
      .map((what) => besideText(one, what, soFar)),
  );
}

/** What the statistics themselves warn of, once per warning. */
function warningNotes({ contests }: VerdictFacts): string[] {
  const names = new Map<string, string[]>();
  for (const { name, warnings } of contests) {
    for (const { message } of warnings) names.set(message, [...(names.get(message) ?? []), name]);
  }
  return [...names].map(([message, of]) => `${of.join(', ')}: ${message}`);
}

function severalBetter(facts: VerdictFacts, clean: readonly Contest[], { must, may = [] }: Notes): Verdict {
  const each = clean.map((one) => `${one.name}: ${factsText(one)}.`);
  const top = clean.some((one) => one.key === facts.best?.arm);
  const best = top && facts.best ? facts.best.text : 'Which of them is best is not shown.';
  const sentence = `${eachText('better', clean, facts.metric)} ${facts.combined?.(clean) ?? best}`;
  return make(facts, 'several_better', sentence, clean, { must, may: [...each, ...may] });
}

function heldBack(facts: VerdictFacts, held: readonly Contest[], notes: Notes): Verdict {
  const [first] = held;
  const only = held.length === 1 && first ? first : undefined;
  const did = only ? contestText('better', only, facts.metric) : eachText('better', held, facts.metric);
  const sentence = `${did} ${heldBackText(held.flatMap((one) => concerns(one, facts)))}`;
  return make(facts, 'held_back', sentence, held, notes);
}

function onlyWorse(facts: VerdictFacts, worse: readonly Contest[], { must, may = [] }: Notes): Verdict {
  const [first] = worse;
  if (worse.length === 1 && first) {
    return make(facts, 'worse', contestText('worse', first, facts.metric), worse, { must, may });
  }
  const each = worse.map((one) => `${one.name}: ${factsText(one)}.`);
  return make(facts, 'worse', eachText('worse', worse, facts.metric), worse, {
    must,
    may: [...each, ...may],
  });
}

function noDifference(facts: VerdictFacts, { must, may }: Notes): Verdict {
  const [only, second] = facts.contests;
  if (only && !second) {
    return make(facts, 'no_difference_shown', noDifferenceText(only, facts.metric), [], { must });
  }
  return make(facts, 'no_difference_shown', noneOfText(facts.contests, facts.metric), [], { must, may });
}
