import { unusableId } from '../assignment/draw.js';
import { profileOf } from '../database/questions/profile-of.js';
import { notFound } from '../errors.js';
import { armsOf } from '../experiments/arms.js';
import { currencyExponent, formatAmount } from '../experiments/money.js';
import type { Profile } from '../profiles/merge-profile.js';
import type { TraitValue } from '../profiles/traits.js';
import type { Context } from './context.js';

export interface KnownTrait {
  readonly trait: string;
  /** Null: it was made unknown, and by whom stands beside it. */
  readonly value: TraitValue;
  /** Absent in what was stored before sources were kept. */
  readonly source?: string;
  readonly at?: string;
}

export interface RecipientProfile {
  readonly recipient: string;
  readonly recipientKey: string;
  readonly updatedAt?: string;
  /** By name. */
  readonly traits: readonly KnownTrait[];
  readonly enrolments: readonly {
    readonly experiment: string;
    readonly title: string;
    readonly arm: string;
    /** As they stood at the enrolment, by trait. */
    readonly cohorts: Readonly<Record<string, string>>;
    readonly enrolledAt: string;
  }[];
  /** The latest, newest first. */
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly at: string;
    /** Amount in major units. */
    readonly value?: string;
    readonly currency?: string;
    readonly order?: string;
    readonly item?: string;
    readonly category?: string;
    readonly source: string;
  }[];
}

const mostEvents = 50;

/**
 * What is known about one recipient, named by the sender's own id: personal data.
 *
 * @throws not_found `profile_not_found`.
 */
export async function findProfile(ctx: Context, recipient: string): Promise<RecipientProfile> {
  if (unusableId(recipient) || recipient.includes('\0')) throw unknownRecipient();
  const recipientKey = ctx.pseudonyms.recipientKey(recipient);
  const known = await profileOf(ctx.db, recipientKey, mostEvents);
  if (!known.identified && !known.profile && known.enrolments.length === 0 && known.events.length === 0) {
    throw unknownRecipient();
  }
  return {
    recipient,
    recipientKey,
    ...(known.profile && { updatedAt: known.profile.updatedAt.toISOString() }),
    traits: known.profile ? traitsOf(known.profile) : [],
    enrolments: known.enrolments.map(({ experiment, definition, arm, cohorts, enrolledAt }) => ({
      experiment,
      title: definition.title,
      arm: armsOf(definition.factors)[arm]?.key ?? '',
      cohorts,
      enrolledAt: enrolledAt.toISOString(),
    })),
    events: known.events.map(({ id, type, at, value, currency, order, item, category, source }) => ({
      id,
      type,
      at: at.toISOString(),
      ...(value !== null &&
        currency !== null && { value: formatAmount(BigInt(value), currencyExponent(currency)), currency }),
      ...(order !== null && { order }),
      ...(item !== null && { item }),
      ...(category !== null && { category }),
      source,
    })),
  };
}

function traitsOf({ traits, origins }: Profile): KnownTrait[] {
  const names = new Set([...Object.keys(traits), ...Object.keys(origins)]);
  return [...names].sort().map((trait) => {
    const value = Object.hasOwn(traits, trait) ? (traits[trait] ?? null) : null;
    const origin = Object.hasOwn(origins, trait) ? origins[trait] : undefined;
    return { trait, value, ...(origin && { source: origin[0], at: origin[1] }) };
  });
}

function unknownRecipient(): Error {
  return notFound(
    'profile_not_found',
    'Nothing is known about such a recipient. Ids are taken byte for byte: Ada@example.com is another one than ada@example.com.',
  );
}
