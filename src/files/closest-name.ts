/** The known name most like a mistyped one; undefined when none is near. */
export function closestName(wanted: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of known) {
    const same = name.trim().toLowerCase() === wanted.trim().toLowerCase();
    const distance = same ? 0 : editDistance(name.toLowerCase(), wanted.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** `; did you mean "visit"?` or nothing. */
export function didYouMean(wanted: string, known: readonly string[]): string {
  const name = closestName(wanted, known);
  return name === undefined ? '' : ` Did you mean ${quoted(name)}?`;
}

/** A name from outside, quoted, cut to a readable length, without control characters. */
export function quoted(name: string, most = 60): string {
  const cut = name.length > most ? `${name.slice(0, most)}…` : name;
  return JSON.stringify(cut);
}

/** Names in a sentence; very many are cut short. */
export function quotedList(names: readonly string[], most = 30): string {
  const shown = names.slice(0, most).map((name) => quoted(name));
  const more = names.length - most;
  return shown.join(', ') + (more > 0 ? `, and ${more} more` : '');
}

/** Levenshtein distance; only the first 64 characters count. */
function editDistance(a: string, b: string): number {
  const [x, y] = [a.slice(0, 64), b.slice(0, 64)];
  let row = Array.from({ length: y.length + 1 }, (_, i) => i);
  for (let i = 1; i <= x.length; i++) {
    const next = [i];
    for (let j = 1; j <= y.length; j++) {
      const change = (row[j - 1] ?? 0) + (x[i - 1] === y[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[y.length] ?? 0;
}
