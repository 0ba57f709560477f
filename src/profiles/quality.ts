/** How much may be wrong before somebody should look. Shares are from 0 to 1. */
export interface QualityThresholds {
  /** Share of profiles that lack an expected trait. */
  readonly maxIncomplete: number;
  /** Refused rows in quarantine. */
  readonly maxRefused: number;
  /** Share of what a consistency rule has looked at; undefined: each rule's own. */
  readonly maxInconsistent?: number | undefined;
}

export const usualThresholds: QualityThresholds = { maxIncomplete: 0.2, maxRefused: 100 };

/** A trait that so many profiles have is expected of all, unless it is said which are. */
const expectedShare = 0.5;

export interface TraitCount {
  readonly trait: string;
  /** Profiles that have it. */
  readonly known: number;
}

export interface RefusedCount {
  readonly kind: string;
  readonly code: string;
  /** Where in the row; empty for the row as a whole. */
  readonly path: string;
  readonly n: number;
}

/** What a rule has found. */
export interface RuleCount {
  readonly id: string;
  readonly title: string;
  /** What was looked at, in words: purchases, bounced messages. */
  readonly of: string;
  readonly checked: number;
  readonly violations: number;
  /** Up to five recipients, by their keys. */
  readonly samples: readonly string[];
  /** Most violations as a share of what was checked. */
  readonly threshold: number;
}

export interface QualityCounts {
  readonly profiles: number;
  readonly traits: readonly TraitCount[];
  readonly expected: readonly string[];
  /** Profiles that lack at least one of the expected traits. */
  readonly incomplete: number;
  readonly refused: readonly RefusedCount[];
  readonly rules: readonly RuleCount[];
}

/** Undefined where nothing was looked at: no share is not a share of nothing. */
export type Share = number | undefined;

export interface QualityReport {
  readonly completeness: {
    readonly profiles: number;
    readonly expected: readonly string[];
    readonly incomplete: number;
    readonly share?: Share;
    readonly threshold: number;
    readonly past: boolean;
    readonly traits: readonly (TraitCount & { readonly share?: Share; readonly expected: boolean })[];
  };
  readonly format: {
    readonly refused: number;
    readonly threshold: number;
    readonly past: boolean;
    readonly rows: readonly RefusedCount[];
  };
  readonly consistency: readonly (RuleCount & { readonly share?: Share; readonly past: boolean })[];
  /** What lies past its threshold, a sentence each; empty: all well. */
  readonly findings: readonly string[];
}

/** Which traits every profile should have: those that were named, or those that at least half of the profiles have. */
export function expectedTraits(
  profiles: number,
  traits: readonly TraitCount[],
  named?: readonly string[],
): string[] {
  if (named !== undefined) return [...new Set(named)];
  return traits
    .filter(({ known }) => profiles > 0 && known >= profiles * expectedShare)
    .map(({ trait }) => trait);
}

/** Holds counts against thresholds. */
export function judgeQuality(counts: QualityCounts, thresholds: QualityThresholds): QualityReport {
  const completeness = judgeCompleteness(counts, thresholds.maxIncomplete);
  const refused = counts.refused.reduce((sum, { n }) => sum + n, 0);
  const format = {
    refused,
    threshold: thresholds.maxRefused,
    past: refused > thresholds.maxRefused,
    rows: counts.refused,
  };
  const consistency = counts.rules.map((rule) => {
    const threshold = thresholds.maxInconsistent ?? rule.threshold;
    const share = shareOf(rule.violations, rule.checked);
    return { ...rule, threshold, ...withShare(share), past: (share ?? 0) > threshold };
  });
  const findings = [
    ...(completeness.past
      ? [
          `${completeness.incomplete} of ${completeness.profiles} profiles are incomplete, more than ${percent(completeness.threshold)}: they lack one of ${completeness.expected.join(', ')}.`,
        ]
      : []),
    ...(format.past
      ? [`${refused === 1 ? '1 row was' : `${refused} rows were`} refused, more than ${format.threshold}.`]
      : []),
    ...consistency
      .filter(({ past }) => past)
      .map(
        ({ title, violations, checked, of, threshold }) =>
          `${title}: ${violations} of ${checked} ${of}, more than ${percent(threshold)}.`,
      ),
  ];
  return { completeness, format, consistency, findings };
}

function judgeCompleteness(counts: QualityCounts, threshold: number): QualityReport['completeness'] {
  const { profiles, incomplete, expected } = counts;
  const share = shareOf(incomplete, profiles);
  const known = new Map(counts.traits.map((one) => [one.trait, one.known]));
  const names = [...new Set([...known.keys(), ...expected])];
  return {
    profiles,
    expected,
    incomplete,
    ...withShare(share),
    threshold,
    past: (share ?? 0) > threshold,
    traits: names.map((trait) => ({
      trait,
      known: known.get(trait) ?? 0,
      ...withShare(shareOf(known.get(trait) ?? 0, profiles)),
      expected: expected.includes(trait),
    })),
  };
}

function shareOf(part: number, whole: number): Share {
  return whole === 0 ? undefined : part / whole;
}

function withShare(share: Share): { readonly share?: number } {
  return share === undefined ? {} : { share };
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
