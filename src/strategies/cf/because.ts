import type { Because } from './recommender.js';

/** What speaks for an item, with how much of its score is due to it; those that speak against it are left out. */
export function strongest(
  kind: Because['kind'],
  parts: readonly { readonly id: string; readonly part: number }[],
  most: number,
): Because[] {
  const positive = parts.filter(({ part }) => part > 0);
  const total = positive.reduce((sum, { part }) => sum + part, 0);
  // Sorting is stable: what comes first among equals stays first.
  const sorted = [...positive].sort((a, b) => b.part - a.part).slice(0, Math.max(0, most));
  return sorted.map(({ id, part }) => ({ kind, id, share: part / total }));
}
