import type { Figure } from '../evaluation/figure.js';
import type { Json } from './strategy.js';

/** A figure that says how good a model is, with its interval; or why it cannot be had. */
export type Measure = {
  /** As readers know it: `AUC`, `nDCG@10`, `log loss`. */
  readonly name: string;
  /** One sentence: what it is, over what, with what convention. */
  readonly definition: string;
} & (
  | {
      readonly value: number;
      /** 95 %, by bootstrap over recipients unless the definition says otherwise. */
      readonly interval?: readonly [number, number];
      readonly higherIsBetter: boolean;
      /** The best value, where neither higher nor lower is better for ever. */
      readonly target?: number;
    }
  | { readonly refused: true; readonly code: string; readonly reason: string }
);

/** What a model was taught: who counts as a positive, as of when, and who is left out. */
export interface LabelSummary {
  /** In words: `purchase in shoes within 30 days`. */
  readonly outcome: string;
  readonly horizonMs: number;
  /** Features are as of these moments, labels from the horizon after each (ISO 8601). */
  readonly cutOffs: readonly string[];
  readonly rows: number;
  readonly positives: number;
  /** Whoever could not be labelled, by reason. */
  readonly gaps: readonly { readonly reason: string; readonly rows: number }[];
}

export interface FeatureUse {
  readonly name: string;
  readonly title: string;
  readonly type: 'number' | 'category';
  /** Share of rows in which it is not known, from 0 to 1. */
  readonly missing: number;
  /** Share of the loss that its splits took away, where the estimator splits. */
  readonly gain?: number;
  /** How much worse the measure is without it (permutation), with an interval. */
  readonly importance?: { readonly value: number; readonly interval: readonly [number, number] };
}

/** Rows of about the same prediction beside what became of them. */
export interface CalibrationPoint {
  readonly rows: number;
  readonly predicted: number;
  readonly observed: number;
  readonly interval: readonly [number, number];
}

/** One estimator among those that were tried. */
export interface CandidateScore {
  readonly name: string;
  readonly settings: Json;
  /** Mean over the folds, and the standard deviation between them. */
  readonly score: number;
  readonly spread: number;
}

/**
 * How often values fell where. Of numbers `counts` has one more than `edges`, which ascend: bin i holds edges[i - 1] <= x <
 * edges[i], and the two at the ends are open. Of categories the last count is of all that are not named.
 */
export type Distribution = {
  readonly name: string;
  readonly counts: readonly number[];
  /** Rows in which it is not known; in none of the counts. */
  readonly missing: number;
} & ({ readonly edges: readonly number[] } | { readonly categories: readonly string[] });

/** What a model saw and said, which drift is measured against; made by `evaluation/drift/distribution.ts`. */
export interface Reference {
  /** Of what the model answers, where that is a score. */
  readonly scores?: Distribution;
  readonly features: readonly Distribution[];
  /** Of kinds that recommend items; made by `item-traffic.ts`. */
  readonly items?: ItemTraffic;
}

/** Which items recipients did something with in a window, beside what the model knows. */
export interface ItemTraffic {
  /** ISO 8601, half-open. */
  readonly from: string;
  readonly until: string;
  /** Nothing at it or later was learned from. */
  readonly learnedUntil: string;
  /** Who did something with an item. */
  readonly recipients: number;
  /** Those of them who had done nothing before: before `learnedUntil`, and in the reference before `from`. */
  readonly unseenRecipients: number;
  /** Recipients by item, each shared out over their items; after those named the rest in parts, missing: what the model does not know. */
  readonly shares: Distribution;
  /** Ids of the items of the first counts; none but in a reference. */
  readonly named: readonly (readonly string[])[];
}

/** What there is to know about a model before anybody trusts it. Plain JSON, kept with the model. */
export interface ModelReport {
  /** What it learned from (ISO 8601); nothing at `until` or later. */
  readonly window: { readonly from?: string; readonly until: string };
  /** How it was held out: by time unless it says otherwise. Of a random split the note says that it flatters. */
  readonly split: { readonly kind: 'time' | 'random' | 'none'; readonly note: string };
  readonly labels?: LabelSummary;
  readonly features?: readonly FeatureUse[];
  /** On what was held out, the one that decides on promotion first. */
  readonly measures: readonly Measure[];
  /** The same for simpler ways of doing it: popularity, recency, a single column, the base rate. */
  readonly baselines?: readonly { readonly name: string; readonly measures: readonly Measure[] }[];
  /** The first measure among recipients of whom more and less is known, by the model and by what it is compared with. */
  readonly bands?: readonly {
    /** Of items that something was done with: `0`, `1-4`, `5-19`, `20+`. */
    readonly name: string;
    readonly recipients: number;
    readonly measures: readonly { readonly by: string; readonly measure: Measure }[];
  }[];
  readonly calibration?: readonly CalibrationPoint[];
  readonly candidates?: {
    readonly measure: string;
    readonly folds: number;
    readonly foldsHash: string;
    readonly rows: readonly CandidateScore[];
  };
  /** Features dropped one after the other, with the score after each. */
  readonly elimination?: readonly {
    readonly dropped: string | null;
    readonly left: number;
    readonly score: number;
  }[];
  /** A shallow tree that imitates the model, line by line, and how well it does (R²). */
  readonly surrogate?: { readonly lines: readonly string[]; readonly fidelity: number };
  readonly interactions?: {
    readonly recipients: number;
    readonly items: number;
    readonly interactions: number;
    /** Share of all pairs, from 0 to 1. */
    readonly density: number;
  };
  /** Distribution of scores and features when it was made, over everybody whom the model speaks about. */
  readonly reference?: Reference;
  /** Why there is none, in a sentence; absent of models that were learned before there were any for their kind. */
  readonly noReference?: string;
  /** What a reader should know: a sampled log, a label that is rare, a baseline that does as well. */
  readonly notes: readonly string[];
}

/** Estimators and baselines side by side, for each thing that a strategy predicts. */
export interface ComparedCandidates {
  readonly outcomes: readonly ComparedOutcome[];
  /** Of a strategy that learns whom a treatment changes; then there are no outcomes. */
  readonly uplift?: ComparedUplift;
}

/** Learners of uplift on the recipients of a trial that would be learned from. */
export interface ComparedUplift {
  readonly experiment: string;
  readonly metric: string;
  readonly arms: readonly {
    readonly arm: string;
    readonly recipients: number;
    /** How many of them have the outcome. */
    readonly outcomes: number;
  }[];
  /** Recipients who have no part in it: held out, and those whose window is open. */
  readonly heldOut: number;
  readonly open: number;
  readonly folds: number;
  readonly foldsHash: string;
  /** Share of the recipients on top of whom `upliftAt` is. */
  readonly top: number;
  /** The highest Qini first. */
  readonly rows: readonly UpliftCandidate[];
  readonly failed: readonly { readonly name: string; readonly estimator: string; readonly reason: string }[];
  /** What it comes to, in sentences. */
  readonly verdict: readonly string[];
}

export interface UpliftCandidate {
  /** A learner, or `best single column`. */
  readonly name: string;
  readonly estimator?: string;
  readonly settings?: Json;
  /** The single columns that were chosen, that of most folds first. */
  readonly columns?: readonly string[];
  /** Normalised; intervals are of a bootstrap over recipients, the same samples for all. */
  readonly qini: Figure;
  readonly upliftAt: Figure;
  /** How much its Qini is above that of the best single column. */
  readonly difference?: Figure;
}

export interface ComparedOutcome {
  readonly key: string;
  readonly labels: LabelSummary;
  /** Absent where there is too little. */
  readonly comparison?: Candidates;
  /** Why there is none. */
  readonly why?: string;
}

/** On the same folds, the best first; what needs no learning has the settings null. */
export interface Candidates {
  readonly measure: string;
  readonly folds: number;
  readonly foldsHash: string;
  readonly rows: readonly CandidateScore[];
  /** Those that could not be learned. */
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
}
