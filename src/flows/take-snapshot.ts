import {
  insertCatalogueSnapshot,
  selectCatalogueSnapshot,
  selectSnapshotInfos,
  type SnapshotInfo,
} from '../database/catalogue-snapshots.js';
import { selectItems } from '../database/items.js';
import { inTransaction } from '../database/transaction.js';
import { badInput, conflict } from '../errors.js';
import { snapshotOf } from '../strategies/catalogue.js';
import type { Item } from '../strategies/catalogue.js';
import type { Context } from './context.js';

export type { SnapshotInfo } from '../database/catalogue-snapshots.js';

/** A snapshot, and what somebody who takes one should look at. */
export interface TakenSnapshot extends SnapshotInfo {
  readonly withoutPrice: number;
  readonly withoutCategory: number;
  readonly outOfStock: number;
}

/**
 * Keeps the catalogue as it is now, whole. The same catalogue again is the snapshot that is there already.
 *
 * @throws conflict `empty_catalogue`; bad_input `invalid_catalogue` where an item stands in it twice.
 */
export async function takeSnapshot(ctx: Context): Promise<TakenSnapshot> {
  const now = ctx.clock();
  return inTransaction(ctx.db, async (trx) => {
    const items = await selectItems(trx);
    if (items.length === 0) {
      throw conflict(
        'empty_catalogue',
        'The catalogue has no items: give them by POST /v1/items or postulate import.',
      );
    }
    const snapshot = snapshotOf(items);
    if (!snapshot.ok)
      throw badInput('invalid_catalogue', 'This catalogue cannot be used.', snapshot.problems);
    const info = await insertCatalogueSnapshot(trx, snapshot.value, now);
    return { ...info, ...gapsOf(items) };
  });
}

export async function listSnapshots(ctx: Context): Promise<SnapshotInfo[]> {
  return selectSnapshotInfos(ctx.db);
}

function gapsOf(items: readonly Item[]) {
  const count = (is: (item: Item) => boolean) => items.filter(is).length;
  return {
    withoutPrice: count(({ price }) => price === undefined),
    withoutCategory: count(({ category }) => category === undefined),
    outOfStock: count(({ stock }) => stock === 0),
  };
}

/** @throws Error where it is missing: snapshots are never removed. */
export async function mustFindSnapshot(...[db, hash]: Parameters<typeof selectCatalogueSnapshot>) {
  const snapshot = await selectCatalogueSnapshot(db, hash);
  if (!snapshot) throw new Error(`catalogue snapshot ${hash} is missing`);
  return snapshot;
}
