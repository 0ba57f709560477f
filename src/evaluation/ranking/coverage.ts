import type { Estimate } from '../../statistics/result.js';
import { type OrRefusal, refuse } from '../refusal.js';

/** Half width of a 95 % interval of the normal distribution, in standard errors. */
const z = 1.959963984540054;

/**
 * Share of the items that were recommended to somebody. Drawing recipients with replacement would only ever lower it, so the
 * interval is by the jackknife over recipients (Efron and Stein, Ann. Statist. 9(3), 1981, whose variance is not too small),
 * cut at 0 and 1.
 *
 * @param lists what each recipient got: places from 0 to items - 1, each once.
 */
export function coverage(lists: readonly ArrayLike<number>[], items: number): OrRefusal<Estimate> {
  if (items < 1) return refuse('invalid_input', 'There are no items that could be recommended.');
  const timesOf = new Int32Array(items);
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      const place = list[i] as number;
      timesOf[place] = (timesOf[place] as number) + 1;
    }
  }
  const covered = timesOf.reduce((sum, times) => sum + (times > 0 ? 1 : 0), 0);
  if (lists.length < 2)
    return refuse('too_few', 'An interval of the coverage needs at least two recipients.');
  const value = covered / items;
  const se = jackknifeError(lists.map((list) => onlyHere(list, timesOf) / items));
  const interval = { lower: Math.max(0, value - z * se), upper: Math.min(1, value + z * se), level: 0.95 };
  return { value, se, interval };
}

/** How many items nobody else got: what the coverage would lose without this recipient. */
function onlyHere(list: ArrayLike<number>, timesOf: Int32Array): number {
  let count = 0;
  for (let i = 0; i < list.length; i++) if (timesOf[list[i] as number] === 1) count += 1;
  return count;
}

function jackknifeError(losses: readonly number[]): number {
  const n = losses.length;
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / n;
  const squares = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0);
  return Math.sqrt(((n - 1) / n) * squares);
}
