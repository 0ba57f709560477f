import type { History } from '../../../src/profiles/history.js';
import type { Item } from '../../../src/strategies/catalogue.js';
import { collaborativeKind } from '../../../src/strategies/cf/collaborative.js';
import type { CollaborativeDefinition } from '../../../src/strategies/cf/definition.js';
import type { LearningLog, Profile } from '../../../src/strategies/strategy.js';

/** A shop of two tastes: some buy tea things, others hiking things, and nobody both but for a torch. */

export const clock = new Date('2024-05-06T07:08:09Z');
export const day = 86_400_000;

export const tea = ['cup', 'kettle', 'pot', 'sieve', 'tin'] as const;
export const hiking = ['boots', 'compass', 'map', 'rucksack', 'tent'] as const;

export const catalogue: readonly Item[] = [...tea, ...hiking, 'torch']
  .sort()
  .map((id) => ({ id, category: (tea as readonly string[]).includes(id) ? 'tea' : 'outdoor' }));

export const did = (type: string, item: string, daysAgo: number, more: object = {}) => ({
  id: `${type}-${item}-${daysAgo}`,
  type,
  at: clock.getTime() - daysAgo * day,
  item,
  ...more,
});

export const person = (...history: History): Profile => ({
  traits: {},
  history: [...history].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
});

/** Each bought three things of their kind long ago and one more lately; every third bought the torch as well. */
export function shoppers(count = 40): Map<string, History> {
  return new Map(
    Array.from({ length: count }, (_, i): [string, History] => {
      const kind = i % 2 === 0 ? tea : hiking;
      const bought = [0, 1, 2].map((n) => did('purchase', kind[(i + n) % 5] as string, 60 - n));
      const torch = i % 3 === 0 ? [did('purchase', 'torch', 40)] : [];
      const late = [did('purchase', kind[(i + 3) % 5] as string, 3)];
      return [`r_${String(i).padStart(3, '0')}`, person(...bought, ...torch, ...late).history];
    }),
  );
}

export const slots = { headline: 'For you' };

export function parsed(change: object = {}): CollaborativeDefinition {
  const definition = collaborativeKind.parse({ kind: 'collaborative', slots, method: 'item_knn', ...change });
  if (!definition.ok) throw new Error(JSON.stringify(definition.problems));
  return definition.value;
}

export const logOf = (histories: ReadonlyMap<string, History>, items = catalogue): LearningLog => ({
  histories,
  catalogue: { hash: '', items },
  traits: new Map(),
  trials: new Map(),
});

export function learned(change: object = {}, histories = shoppers(), seed = 'seed') {
  const model = collaborativeKind.learn?.(parsed(change), logOf(histories), clock, seed);
  if (model === undefined || 'refused' in model) throw new Error(JSON.stringify(model));
  return model;
}

export function deciderOf(change: object = {}, histories = shoppers()) {
  const parts = { learned: learned(change, histories).state, contents: new Map(), segments: new Map() };
  return collaborativeKind.prepare(parsed(change), parts);
}

export function chosen(profile: Profile, change: object = {}, candidates = catalogue) {
  return deciderOf(change).decide(profile, () => candidates, clock);
}
