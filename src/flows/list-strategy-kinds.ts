import { strategyKinds } from '../strategies/registry.js';

/** The kinds of strategy that can be registered, each with a sentence for people. */
export function listStrategyKinds(): { kind: string; summary: string }[] {
  return strategyKinds.map(({ kind, summary }) => ({ kind, summary }));
}
