import type { Profile } from '../../profiles/history.js';

export const findingCodes = [
  'conflict',
  'undecided',
  'dead',
  'never_found',
  'shadowed',
  'gap',
  'unknown_content',
  'unknown_segment',
  'unknown_feature',
  'test_failed',
  'review_overdue',
  'no_owner',
  'no_purpose',
] as const;
export type FindingCode = (typeof findingCodes)[number];

/** Something that lint has to say about a definition. */
export interface Finding {
  readonly code: FindingCode;
  /** An error keeps a version from being registered and activated. */
  readonly severity: 'error' | 'warning';
  /** Ids of the rules that it is about, in order of precedence; none: the definition as a whole. */
  readonly rules: readonly string[];
  readonly slot?: string;
  /** What is the matter and how to mend it. */
  readonly message: string;
  /** Somebody for whom it shows. */
  readonly witness?: Witness;
}

export interface Witness {
  readonly profile: Profile;
  /** In one line. */
  readonly text: string;
  /** Recipient key where it is one that is stored; absent: made up from the bounds of the conditions. */
  readonly recipientKey?: string;
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** Errors first; otherwise in the order in which they were found. */
export function bySeverity(a: Finding, b: Finding): number {
  return Number(a.severity !== 'error') - Number(b.severity !== 'error');
}
