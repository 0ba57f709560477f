import { knownRecipients } from '../database/questions/known-recipients.js';
import { badInput } from '../errors.js';
import type { Context } from './context.js';
import { findScoring, profilesAt, spokenOf } from './find-scoring.js';
import { parseRecipients, type RowError } from './parse-recipients.js';
import { refuseFuture } from './refuse-future.js';

/** So many recipients in one call. */
export const mostScored = 10_000;

export interface ScoredRecipient {
  readonly id: string;
  /** Probability by what is predicted. */
  readonly scores: Readonly<Record<string, number>>;
}

export interface ScoredRecipients {
  readonly strategy: string;
  /** As `name/number`. */
  readonly model: string;
  readonly modelHash: string;
  /** As of when the features are (ISO 8601): nothing at it or later was looked at. */
  readonly clock: string;
  /** In the order of the ids; whoever cannot be scored, with the reason. */
  readonly recipients: readonly (ScoredRecipient | RowError)[];
}

/**
 * What the model of a strategy that is in use says of these recipients. Stores nothing. A bad row is an error in its place.
 *
 * @throws like `findScoring`; bad_input `too_many_recipients`, `invalid_clock`.
 */
export async function scoreRecipients(
  ctx: Context,
  name: string,
  ids: readonly unknown[],
  clock: Date = ctx.clock(),
): Promise<ScoredRecipients> {
  if (ids.length > mostScored) {
    const message = `At most ${mostScored} recipients are scored in one call, these are ${ids.length}: send several.`;
    throw badInput('too_many_recipients', message);
  }
  refuseFuture(clock, ctx.clock());
  const { version, model, id: modelId, scores } = await findScoring(ctx, name);
  const rows = parseRecipients(
    ids.map((id) => ({ id })),
    (id) => ctx.pseudonyms.recipientKey(id),
  );
  const keys = [...new Set(rows.flatMap((row) => ('recipientKey' in row ? row.recipientKey : [])))];
  const known = await knownRecipients(ctx.db, keys);
  const profiles = await profilesAt(ctx, [...known].sort(), scores, clock);
  const { spoken, left } = spokenOf(scores, profiles, clock);
  const given = scores.of([...spoken.values()], clock);
  const place = new Map([...spoken.keys()].map((key, i) => [key, i]));
  return {
    ...{ strategy: `${version.name}@${version.version}`, model: modelId, modelHash: model.hash },
    clock: clock.toISOString(),
    recipients: rows.map((row): ScoredRecipient | RowError => {
      if (!('recipientKey' in row)) return row;
      const { index, id, recipientKey } = row;
      const at = place.get(recipientKey);
      if (at === undefined)
        return { index, id, error: whyNot(known.has(recipientKey), left.get(recipientKey)) };
      return {
        id,
        scores: Object.fromEntries([...given].map(([key, values]) => [key, values[at] as number])),
      };
    }),
  };
}

function whyNot(isKnown: boolean, reason: string | undefined): RowError['error'] {
  if (reason !== undefined)
    return {
      code: 'not_spoken_about',
      message: `the model does not speak about them: ${reason}`,
      path: 'id',
    };
  return isKnown
    ? { code: 'history_too_long', message: 'the history is too long to be read whole', path: 'id' }
    : { code: 'recipient_unknown', message: 'nothing is known about such a recipient', path: 'id' };
}
