import type { EventLeaf } from '../profiles/conditions/condition.js';
import type { Segment } from '../profiles/segments/segment.js';
import type { SlotValues, Slots } from '../experiments/experiment.js';
import type { Parsed } from '../experiments/read-with.js';
import type { Behaviour, HistoryNeeds, Profile } from '../profiles/history.js';
import type { TraitValue } from '../profiles/traits.js';
import type { CatalogueSnapshot, Item } from './catalogue.js';
import type { ComparedCandidates, Measure, ModelReport, Reference } from './model-report.js';

export type { Profile } from '../profiles/history.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface ScoredItem {
  readonly item: string;
  /** Higher is better; comparable within one strategy only. */
  readonly score: number;
  /** Short and readable: `most bought in shoes`. */
  readonly reason: string;
}

/** What a strategy answers for one recipient: content, why, and with what probability it chose so. */
export interface Choice {
  /** Every slot that the strategy declares; of a choice that is withheld none. */
  readonly slots: Slots;
  /** Nothing is to be sent: that is the choice, not a failure. Only where `mayWithhold` says so. */
  readonly withheld?: true;
  /** Recommended, best first. */
  readonly items?: readonly ScoredItem[];
  /** Short and readable: `rule vip`, `default`. */
  readonly reason: string;
  /** Probability of this choice under the strategy; 1 where nothing is drawn. Later questions need it. */
  readonly probability: number;
}

/** A strategy that cannot decide says so; the fallback is delivered and the reason is kept. */
export interface NoChoice {
  readonly noChoice: string;
}

/** What a definition names that lies outside it. All of it is pinned before anybody is decided for. */
export interface References {
  /** Contents of the library, as `name@version`. */
  readonly contents: readonly string[];
  /** Segments, as `name@version`. */
  readonly segments: readonly string[];
  /** Items of the catalogue that may be chosen whoever the recipient is. */
  readonly items: readonly string[];
  /** Whether it chooses from the candidates. */
  readonly catalogue: boolean;
}

/** A score that is fetched from a registered scorer before `decide`, and stands in the profile then. */
export interface ScorerAsk {
  /** `name@version` of the scorer, and the key among the scores of the profile. */
  readonly scorer: string;
  /** What the scorer is to be told of a recipient: the very features that it was registered with, in any order. */
  readonly features: readonly string[];
  /** Scores that between them lead to every content, for trying an arm without its scorer. */
  readonly tries: readonly number[];
}

/** What a definition refers to, looked up. Never changes while an experiment runs. */
export interface Parts {
  /** What `learn` gave; null for kinds that do not learn. */
  readonly learned: Json;
  /** Text of every content that `references` names, by `name@version`. */
  readonly contents: ReadonlyMap<string, string>;
  /** Parsed definition of every segment that is named, directly or by another segment, by `name@version`. */
  readonly segments: ReadonlyMap<string, Pick<Segment, 'when'>>;
}

/**
 * Items that this recipient may be shown: those of the pinned snapshot that pass the one filter which all arms share. Asked
 * for, and worked out, only by strategies that choose items.
 */
export type Candidates = () => readonly Item[];

/** Pure: the same profile, candidates and clock give the same choice in any process. */
export type Decide = (profile: Profile, candidates: Candidates, clock: Date) => Choice | NoChoice;

export interface Decider {
  readonly decide: Decide;
  /** Why `decide` answers as it does, as JSON for people: every condition with what it expected and what it found. */
  readonly trace: (profile: Profile, candidates: Candidates, clock: Date) => Json;
  /**
   * The gist of the trace, which the ledger keeps with every decision: what decided, and what else would have. Some dozen bytes,
   * 500 at most, as fast as `decide`, and nothing about the recipient that is not in the profile. Left out where the reason of
   * the choice says it all.
   */
  readonly gist?: (profile: Profile, candidates: Candidates, clock: Date) => Json;
}

/** What a strategy learns from: what was known at `clock`, never anything later. */
export interface LearningLog {
  /** By recipient key, in the order of the keys. */
  readonly histories: ReadonlyMap<string, readonly Behaviour[]>;
  readonly catalogue: CatalogueSnapshot;
  /** What is known of the same recipients, each trait with when it was said; for kinds that ask for traits. */
  readonly traits: ReadonlyMap<string, KnownTraits>;
  /** By experiment key, for kinds that learn from what experiments found out. */
  readonly trials: ReadonlyMap<string, Trial>;
}

/** By the name of the trait. What was said at the clock or later, or was said anew since, is not known at it. */
export type KnownTraits = Readonly<Record<string, { readonly value: TraitValue; readonly at: number }>>;

/** Who was drawn to which arm of an experiment, and what came of it. */
export interface Trial {
  /** Arm keys in the order of the design. */
  readonly arms: readonly string[];
  /** Parts of the recipients who take part, in the order of the arms; adds up to 1. */
  readonly shares: readonly number[];
  readonly rows: readonly TrialRow[];
}

export interface TrialRow {
  readonly recipient: string;
  /** Place in `arms`. */
  readonly arm: number;
  /** When they were enrolled: features are as of this moment. */
  readonly at: number;
  /** Fold of the recipient in the experiment, 0 to 19, independent of the arm. */
  readonly fold?: number;
  /** By the key of the metric: its whole number, where its window had closed at the clock. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** What `learn` reads. */
export interface LearningNeeds extends HistoryNeeds {
  /** Names of traits; none unless said. */
  readonly traits?: readonly string[];
  /** Experiments and the metrics of theirs; none unless said. */
  readonly trials?: readonly { readonly experiment: string; readonly metric: string }[];
}

/** A model: what was learned, and what there is to know about it. */
export interface Learned {
  readonly state: Json;
  readonly report: ModelReport;
}

/** Nothing can be learned from this log, which is no fault of the program: an empty history, labels all alike. */
export interface NothingLearned {
  readonly refused: true;
  readonly code: string;
  /** One sentence for people, with what to do. */
  readonly reason: string;
}

/** What a model sees and says now, and how its predictions came out. */
export interface Watched {
  /** In the bins of the model's own reference. */
  readonly now: Reference;
  /** Over rows whose horizon has closed, the newest: positives seen, and the sum of the probabilities predicted. */
  readonly outcomes?: { readonly rows: number; readonly observed: number; readonly expected: number };
}

/** Told what is being done and how much of it is, from 0 to 1. May throw, to end the learning. */
export type Tell = (step: string, share: number) => void;

/**
 * The contract of every kind of strategy. `Definition` is plain JSON, so that a version can be hashed, stored and replayed;
 * what is learned from data is JSON too, and a version of its own. `prepare` does what is the same for all recipients once.
 */
export interface StrategyKind<Definition> {
  readonly kind: string;
  /** One sentence for the page that lists the kinds. */
  readonly summary: string;
  /** Checks a definition as a sender wrote it and gives it in its one form. */
  parse(definition: unknown): Parsed<Definition>;
  /** Present where the kind learns. Pure: the same log, clock and seed give the same model. */
  learn?(
    definition: Definition,
    log: LearningLog,
    clock: Date,
    seed: string,
    tell?: Tell,
  ): Learned | NothingLearned;
  /** What `learn` reads. Beside `learn`, where it differs from `needs`. */
  learnsFrom?(definition: Definition): LearningNeeds;
  /**
   * How well a model does on what happened last before the clock, on the very rows on which `learn` would hold it out: so an
   * old model and a new one can be compared. Undefined where the kind has no measure: then the newest is used.
   *
   * @param state of this definition or of an earlier version of its name, of the same kind.
   */
  measure?(definition: Definition, state: Json, log: LearningLog, clock: Date, seed: string): Measure;
  /**
   * How what a model sees and says is distributed at the clock, for drift; beside a report with a reference. Outcomes where
   * the model predicts probabilities, items where it recommends.
   */
  watch?(
    definition: Definition,
    state: Json,
    reference: Reference,
    log: LearningLog,
    clock: Date,
  ): Watched | NothingLearned;
  /** Present where another estimator could learn the same: all of them side by side, on the rows that `learn` learns from. */
  compare?(
    definition: Definition,
    log: LearningLog,
    clock: Date,
    how: { readonly seed: string; readonly folds: number },
    tell?: Tell,
  ): ComparedCandidates | NothingLearned;
  /**
   * Present where the kind gives probabilities: what its model says of recipients, beside what it decides.
   *
   * @throws Error for a state that it cannot use.
   */
  scores?(definition: Definition, state: Json): Scores;
  /** What of a recipient's history `decide` looks at. `segments` as in `Parts`. */
  needs(definition: Definition, segments: Parts['segments']): HistoryNeeds;
  /** Names of the traits that `decide` looks at, by a segment or a feature too; each once, in order. */
  readsTraits(definition: Definition, segments: Parts['segments']): readonly string[];
  /**
   * Names of the features that `decide`, `learn` or a scorer looks at, by a segment too; groups as they are named, each name
   * once. Traits that a condition asks for are in `readsTraits` alone.
   */
  readsFeatures(definition: Definition, segments: Parts['segments']): readonly string[];
  /** Conditions on events that `decide` looks at, by a segment too, each once; none, where it is left out. */
  readsEvents?(definition: Definition, segments: Parts['segments']): readonly EventLeaf[];
  references(definition: Definition): References;
  /** Scores that have to be fetched before `decide`, which stays pure; none, where it is left out. */
  asks?(definition: Definition): readonly ScorerAsk[];
  /** Whether `decide` may have no choice for somebody: an arm with such a strategy needs a fallback. */
  mayDecline(definition: Definition): boolean;
  /** Whether `decide` may choose to send nothing; never, where it is left out. */
  mayWithhold?(definition: Definition): boolean;
  /** Every slot that a choice may set: two factors must not set the same one. */
  slotNames(definition: Definition): readonly string[];
  /** @throws Error where a part is missing that `references` names. */
  prepare(definition: Definition, parts: Parts): Decider;
}

/** Probabilities of what a model predicts, for many recipients at once. */
export interface Scores {
  /** What is predicted; a single one where the kind predicts one thing. */
  readonly keys: readonly string[];
  readonly needs: LearningNeeds;
  /** Why the model does not speak about somebody as of the clock; undefined where it does. */
  whyNot(profile: Profile, clock: Date): string | undefined;
  /** By key, in the order of the profiles, each from 0 to 1. Nothing at the clock or later makes a difference. */
  of(profiles: readonly Profile[], clock: Date): ReadonlyMap<string, Float64Array>;
}

/** The texts of slots. @throws Error where a content is not among the parts. */
export function resolveSlots(values: SlotValues, contents: ReadonlyMap<string, string>): Slots {
  return Object.fromEntries(
    Object.entries(values).map(([slot, value]) => {
      const text = typeof value === 'string' ? value : contents.get(value.content);
      if (text === undefined) throw new Error(`the content of slot ${slot} is missing`);
      return [slot, text];
    }),
  );
}

/** The contents that slots name. */
export function contentsOf(values: SlotValues): string[] {
  return Object.values(values).flatMap((value) => (typeof value === 'string' ? [] : [value.content]));
}
