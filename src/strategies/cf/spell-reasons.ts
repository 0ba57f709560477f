import type { Ranked, Ranking } from './cascade.js';
import type { CollaborativeDefinition } from './definition.js';
import type { Because } from './recommender.js';

/** Why one item, in a few words: `bought by people who bought boots`. */
export function spellItemReason(
  definition: CollaborativeDefinition,
  ranking: Ranking,
  { item, by }: Ranked,
): string {
  if (by === 'popular') return 'among the best sellers';
  const onlyBought = Object.keys(definition.weights).every((type) => type === 'purchase');
  const [did, do_] = onlyBought ? ['bought', 'bought'] : ['liked', 'like'];
  const because = ranking.because(item, 3);
  const shown = because.some(({ kind }) => kind === 'recipient') ? ranking.via(item, 1) : because;
  const items = shown.filter(({ kind }) => kind === 'item').map(({ id }) => cut(id));
  if (items[0] !== undefined) return `${did} by people who ${do_} ${items[0]}`;
  const attributes = because.filter(({ kind }) => kind === 'attribute').map(({ id }) => cut(id));
  if (attributes[0] !== undefined) return `like others that they ${did}: ${attributes[0]}`;
  return because.some(({ kind }) => kind === 'recipient')
    ? `${did} by people with a similar taste`
    : 'fits what is known of their taste';
}

/** How the choice was made: `user_knn from 7 items of theirs`. */
export function spellChoiceReason({ by, known }: Ranking, below: number | undefined): string {
  if (by === 'popular') return 'best sellers: nothing is known of their taste';
  const items = `${known} item${known === 1 ? '' : 's'} of theirs`;
  return below !== undefined && known < below
    ? `${by}, because only ${items} ${known === 1 ? 'is' : 'are'} known`
    : `${by} from ${items}`;
}

/** An id is as long as its sender likes. */
function cut(id: string): string {
  return id.length <= 80 ? id : `${id.slice(0, 79)}…`;
}

/** `[id, share]`, as the ledger keeps it: as many as have room. */
export function shortBecause(because: readonly Because[], room: number): (readonly [string, number])[] {
  const kept: (readonly [string, number])[] = [];
  for (const { id, share } of because) {
    const next = [...kept, [cut(id), Math.round(share * 1_000) / 1_000] as const];
    if (JSON.stringify(next).length > room) break;
    kept.push([cut(id), Math.round(share * 1_000) / 1_000]);
  }
  return kept;
}
