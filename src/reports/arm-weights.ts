/** Weights per arm, or what is wrong with them, as a sentence. */
export type ArmWeights = { readonly weights: ReadonlyMap<string, number> } | { readonly problem: string };

/**
 * Reads `equal`, `A=1,B=2`, or several of `A=1`. Names may hold commas and equals signs, so the arms that exist are
 * tried first, the longest first; only where none fits is a name taken to end at the last `=` before a comma. The
 * word `equal` alone is never an arm, even where one has that name: an arm has a weight after it.
 */
export function armWeights(specs: readonly string[], arms: readonly string[]): ArmWeights {
  if (specs.length === 1 && specs[0]?.trim() === 'equal') {
    return { weights: new Map(arms.map((arm) => [arm, 1])) };
  }
  const weights = new Map<string, number>();
  const longestFirst = [...arms].sort((a, b) => b.length - a.length);
  for (const spec of specs) {
    for (let rest = spec; rest !== '';) {
      const entry = firstEntry(rest, longestFirst);
      if (!entry) return { problem: unreadable(rest) };
      if (weights.has(entry.arm)) return { problem: `Arm "${entry.arm}" has two weights.` };
      weights.set(entry.arm, entry.weight);
      rest = entry.rest;
    }
  }
  return complete(weights, arms);
}

function unreadable(rest: string): string {
  const [first = ''] = rest.split(',');
  const number = /=\s*([^=]*)$/.exec(first)?.[1]?.trim();
  if (number !== undefined && !/^\d+(\.\d+)?$/.test(number)) {
    return `${JSON.stringify(first)}: ${JSON.stringify(number)} cannot be read as a weight. A weight is a whole or decimal number such as 1 or 0.5, without a sign or %.`;
  }
  return `The weights ${JSON.stringify(rest)} cannot be read; write them as "Arm A=1,Arm B=2", or equal alone.`;
}

interface Entry {
  readonly arm: string;
  readonly weight: number;
  readonly rest: string;
}

function firstEntry(text: string, arms: readonly string[]): Entry | undefined {
  for (const arm of arms) {
    const match = text.startsWith(`${arm}=`)
      ? /^(\d+(?:\.\d+)?)\s*(?:,\s*|$)/.exec(text.slice(arm.length + 1))
      : null;
    if (match) return entry(arm, match, text.slice(arm.length + 1));
  }
  const match = /^([^,]*)=\s*(\d+(?:\.\d+)?)\s*(?:,\s*|$)/.exec(text);
  if (!match) return undefined;
  return { arm: (match[1] ?? '').trim(), weight: Number(match[2]), rest: text.slice(match[0].length) };
}

function entry(arm: string, match: RegExpExecArray, after: string): Entry {
  return { arm, weight: Number(match[1]), rest: after.slice(match[0].length) };
}

function complete(weights: ReadonlyMap<string, number>, arms: readonly string[]): ArmWeights {
  const missing = arms.filter((arm) => !weights.has(arm));
  if (missing.length > 0) {
    const given = [...weights.keys()].map((name) => JSON.stringify(name)).join(', ');
    const list = missing.map((name) => JSON.stringify(name)).join(', ');
    return { problem: `These arms of the file have no weight: ${list}. Weights were given for ${given}.` };
  }
  if (![...weights.values()].some((weight) => weight > 0))
    return { problem: 'At least one weight must be above zero.' };
  return { weights };
}
