import type { HistoryNeeds } from './history.js';

/** What all of them look at: every type, as far back as any looks. */
export function joinNeeds(needs: readonly HistoryNeeds[]): HistoryNeeds {
  const some = needs.filter(({ types }) => types.length > 0);
  const types = [...new Set(some.flatMap((one) => one.types))].sort();
  const lookbacks = some.map(({ lookbackMs }) => lookbackMs ?? Infinity);
  const lookbackMs = Math.max(0, ...lookbacks);
  return { types, ...(types.length > 0 && Number.isFinite(lookbackMs) && { lookbackMs }) };
}
