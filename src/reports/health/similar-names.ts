import { listText, quotedName } from '../format.js';
import type { HealthCheck } from './context.js';

/** Arms or levels that are probably one, written in two ways: nobody sees a space at the end of a name. */
export const similarNames: HealthCheck = {
  id: 'similar_names',
  definition:
    'Similar names: arms or levels whose names differ only by white space or by capital letters. They are counted ' +
    'apart; where one was meant, mend the file.',
  find({ input }) {
    const groups = input.factors.flatMap(({ title, levels }) => {
      const alike = new Map<string, string[]>();
      for (const { key } of levels) alike.set(folded(key), [...(alike.get(folded(key)) ?? []), key]);
      return [...alike.values()]
        .filter((names) => names.length > 1)
        .map((names) => ({ factor: title, names }));
    });
    if (groups.length === 0) return undefined;
    const each = groups.map(({ factor, names }) => `${listText(names.map(quotedName))} (${factor})`);
    return {
      check: 'similar_names',
      severity: 'notice',
      title: 'Names that differ only by white space or case',
      text: `These are counted apart, but look alike: ${each.join('; ')}. Where they are meant to be one, mend the data.`,
      evidence: { groups },
    };
  },
};

function folded(name: string): string {
  return name.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();
}
