import type { TraitValue, Traits } from './traits.js';

/** Who said it and when it was so (ISO 8601, UTC, milliseconds). */
export type Origin = readonly [source: string, at: string];
export type Origins = Readonly<Record<string, Origin>>;

/** What is known about a recipient, and where each trait comes from. */
export interface Profile {
  readonly traits: Traits;
  /** Also of traits that were made unknown again, so that an older value cannot come back. */
  readonly origins: Origins;
}

/** Traits that one source gave at one time. */
export interface GivenTraits {
  readonly traits: Traits;
  readonly source: string;
  /** As `Date.toISOString` writes it: texts of one length, which compare like times. */
  readonly at: string;
}

export interface MergedProfile extends Profile {
  /** False when what was given is older than what is known, or is known already. */
  readonly changed: boolean;
}

/**
 * Sources by trait, the most trusted first: a value from an earlier one beats every value from a later one or from one
 * that is not named, whatever their times. All writers must use the same, or their order begins to matter.
 */
export type SourcePrecedence = Readonly<Record<string, readonly string[]>>;

export const noPrecedence: SourcePrecedence = {};

export const emptyProfile: Profile = { traits: {}, origins: {} };

/** Traits that were stored before origins were kept: anything with an origin is newer. */
const unknownOrigin: Origin = ['', ''];

interface Claim {
  readonly value: TraitValue;
  readonly origin: Origin;
}

/**
 * Lays given traits over what is known, trait by trait: the later one wins; of two of the same time the greater source name
 * (numbers in it as numbers: `model:stay/10` beats `model:stay/9`), then the greater JSON text of the value. A null makes a trait unknown again. Since each trait takes the greatest of all
 * claims in one total order, neither the order in which they come nor how often they do makes a difference.
 */
export function mergeProfile(
  stored: Profile,
  given: GivenTraits,
  precedence: SourcePrecedence = noPrecedence,
): MergedProfile {
  const traits = new Map(Object.entries(stored.traits));
  const origins = new Map(Object.entries(stored.origins));
  let changed = false;
  for (const [name, value] of Object.entries(given.traits)) {
    const claim: Claim = { value, origin: [given.source, given.at] };
    const known = claimOf(name, traits, origins);
    const trusted = Object.hasOwn(precedence, name) ? precedence[name] : undefined;
    if (known && compareClaims(claim, known, trusted) <= 0) continue;
    if (value === null) traits.delete(name);
    else traits.set(name, value);
    origins.set(name, claim.origin);
    changed = true;
  }
  if (!changed) return { ...stored, changed };
  return { traits: Object.fromEntries(traits), origins: Object.fromEntries(origins), changed };
}

function claimOf(
  name: string,
  traits: ReadonlyMap<string, TraitValue>,
  origins: ReadonlyMap<string, Origin>,
): Claim | undefined {
  const origin = origins.get(name);
  if (!traits.has(name) && origin === undefined) return undefined;
  return { value: traits.get(name) ?? null, origin: origin ?? unknownOrigin };
}

function compareClaims(a: Claim, b: Claim, trusted: readonly string[] | undefined): number {
  const [sourceA, atA] = a.origin;
  const [sourceB, atB] = b.origin;
  return (
    (trusted === undefined ? 0 : rankOf(sourceA, trusted) - rankOf(sourceB, trusted)) ||
    compareTexts(atA, atB) ||
    compareTexts(inOrder(sourceA), inOrder(sourceB)) ||
    compareTexts(sourceA, sourceB) ||
    compareTexts(JSON.stringify(a.value), JSON.stringify(b.value))
  );
}

/** Greater for sources that stand further in front; 0 for those that are not named. */
function rankOf(source: string, trusted: readonly string[]): number {
  const position = trusted.indexOf(source);
  return position === -1 ? 0 : trusted.length - position;
}

/** Texts that compare as the names do with their numbers as numbers: each number behind the count of its digits. */
function inOrder(source: string): string {
  return source.replace(/\d+/g, (digits) => {
    const number = digits.replace(/^0+(?=.)/, '');
    return `${String(number.length).padStart(6, '0')}${number}`;
  });
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
