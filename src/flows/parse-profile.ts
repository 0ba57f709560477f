import { z } from 'zod';
import { unusableId } from '../assignment/draw.js';
import { readWith } from '../experiments/read-with.js';
import { text } from '../experiments/text.js';
import { fromIdentify } from '../profiles/from-identify.js';
import { parseTraits, type TraitProblem } from '../profiles/parse-traits.js';
import { formatProblems } from '../profiles/trait-formats.js';
import type { Traits } from '../profiles/traits.js';
import { rowTime, rowTimeProblem } from './row-time.js';

export const sourceSchema = text(100).min(1, 'must have at least one character');

/** One row of profiles as it arrives. */
export const profileSchema = z
  .strictObject({
    recipient: z.string().describe('Your own id, 1 to 256 bytes; the one you ask for arms with.'),
    at: rowTime
      .optional()
      .describe('Since when this is so; now, unless you say otherwise. The later value wins.'),
    source: sourceSchema.optional().describe('Where it comes from, such as crm; shown beside each trait.'),
    traits: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .describe('What is known; null makes a trait unknown again. What is left out stays as it is.'),
  })
  .describe('What is known about a recipient.');

/** The outside only: traits have their own rules, with paths. */
const outerSchema = profileSchema.extend({ traits: z.unknown().optional() });

export interface IncomingProfile {
  readonly recipient: string;
  readonly traits: Traits;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  readonly source: string;
}

export interface RowProblem {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

export type ParsedProfile =
  | { readonly ok: true; readonly profile: IncomingProfile }
  | { readonly ok: false; readonly error: RowProblem };

/** @returns the row, or the first thing that is wrong with it; a row with one bad trait is refused whole. */
export function parseProfile(input: unknown, defaults: { source: string; now: Date }): ParsedProfile {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const shape = 'a profile is an object such as {"recipient": "42", "traits": {"country": "AT"}}';
    return refused('invalid_profile', shape);
  }
  const outer = readWith(outerSchema, fromIdentify(input) ?? input);
  if (!outer.ok) {
    const [problem] = outer.problems;
    return refused('invalid_profile', problem?.message ?? 'is not a profile', problem?.path);
  }
  const { recipient, at = defaults.now.toISOString(), source = defaults.source, traits } = outer.value;
  const idProblem = recipientProblem(recipient);
  if (idProblem !== undefined) return refused('invalid_profile', idProblem, 'recipient');
  const timeProblem = rowTimeProblem(at, defaults.now);
  if (timeProblem !== undefined) return refused('invalid_time', timeProblem, 'at');
  const parsed = parseTraits(traits);
  const problems = parsed.ok
    ? formatProblems(parsed.value, defaults.now.toISOString().slice(0, 10))
    : parsed.problems;
  const [problem] = problems;
  if (problem !== undefined || !parsed.ok) return refusedTrait(parsed.ok, problem);
  return { ok: true, profile: { recipient, traits: parsed.value, at: new Date(at).toISOString(), source } };
}

function recipientProblem(recipient: string): string | undefined {
  const unusable = unusableId(recipient);
  if (unusable) return unusable.message;
  return recipient.includes('\0') ? 'holds a NUL, which cannot be stored' : undefined;
}

function refusedTrait(shapeIsRight: boolean, problem: TraitProblem | undefined): ParsedProfile {
  const path = problem?.path ?? '';
  const joint = path === '' || path.startsWith('[') ? '' : '.';
  return refused(
    shapeIsRight ? 'invalid_format' : 'invalid_traits',
    problem?.message ?? 'these traits cannot be used',
    `traits${joint}${path}`,
  );
}

function refused(code: string, message: string, path?: string): ParsedProfile {
  return { ok: false, error: { code, message, ...(path !== undefined && path !== '' && { path }) } };
}
