import type { Knex } from 'knex';
import { knownTraits } from '../database/questions/known-traits.js';
import type { Experiment } from '../experiments/experiment.js';
import { mergeTraits } from '../profiles/merge-traits.js';
import type { Traits } from '../profiles/traits.js';
import type { ScoredItem } from '../strategies/strategy.js';
import type { ShownItem } from '../strategies/templates/context.js';
import { shownItem } from '../strategies/templates/shown-item.js';
import type { Context } from './context.js';
import { KeptByHash } from './kept-by-hash.js';
import { parseRecipients } from './parse-recipients.js';
import { mustFindSnapshot } from './take-snapshot.js';

/**
 * What is known of these recipients now, by their ids: a message shows today's name, whatever it was when the content was
 * decided. What is given in this call comes first.
 */
export async function loadTraits(ctx: Context, recipients: readonly unknown[]): Promise<Map<string, Traits>> {
  const rows = parseRecipients(recipients, (id) => ctx.pseudonyms.recipientKey(id));
  const valid = rows.flatMap((row) => ('recipientKey' in row ? [row] : []));
  const known = await knownTraits(
    ctx.db,
    valid.map(({ recipientKey }) => recipientKey),
  );
  return new Map(
    // Of a recipient who stands in a call twice the first row counts, as where arms are drawn.
    valid
      .reverse()
      .map(({ id, recipientKey, traits }) => [id, mergeTraits(known.get(recipientKey) ?? {}, traits)]),
  );
}

export type ShowItems = (items: readonly ScoredItem[]) => readonly ShownItem[];

const catalogues = new KeptByHash<ReadonlyMap<string, ShownItem>>(4);

/** How items look in the snapshot of the catalogue that the experiment is pinned to. */
export async function loadShownItems(
  db: Knex,
  { catalogue }: Pick<Experiment, 'catalogue'>,
): Promise<ShowItems> {
  if (catalogue === undefined) return (items) => items.map(({ item }) => ({ id: item }));
  const shown = await catalogues.get(catalogue, async () => {
    const { items } = await mustFindSnapshot(db, catalogue);
    return new Map(items.map((item) => [item.id, shownItem(item)]));
  });
  return (items) => items.map(({ item, reason }) => ({ id: item, ...shown.get(item), reason }));
}
