import { findKind } from '../../../src/strategies/registry.js';
import type { Finding } from '../../../src/strategies/keeping/finding.js';
import { type Lint, StrategyLinter } from '../../../src/strategies/keeping/lint-strategy.js';
import type { KeptStrategy } from '../../../src/strategies/keeping/rule-book.js';
import type { Profile } from '../../../src/profiles/history.js';
import type { Parts } from '../../../src/strategies/strategy.js';

export const clock = Date.parse('2026-03-01T12:00:00Z');

export const custody = { owner: 'CRM team', purpose: 'Bring the right offer.' };

/** Rules as somebody writes them, with what every lint asks for already there. */
export function rules(list: readonly object[], more: object = {}): KeptStrategy {
  return parsed({ kind: 'rules', ...custody, rules: list, default: { subject: 'Hello' }, ...more });
}

export function parsed(definition: { kind: string; [field: string]: unknown }): KeptStrategy {
  const result = findKind(definition.kind)!.parse(definition);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return { kind: definition.kind, definition: result.value };
}

export function rule(id: string, when: object, more: object = {}): object {
  return { id, when, slots: { subject: id }, ...more };
}

export interface Options {
  readonly segments?: Parts['segments'];
  readonly contents?: ReadonlyMap<string, string>;
  readonly stored?: readonly Profile[];
}

export function lint(
  strategy: KeptStrategy,
  { segments = new Map(), contents = new Map(), stored = [] }: Options = {},
): Lint {
  const linter = new StrategyLinter(strategy, { segments, contents }, clock);
  for (const [i, profile] of stored.entries()) linter.look(profile, `r_${i}`);
  return linter.finish();
}

/** `error conflict a b`, for short. */
export function short({ findings }: Lint): string[] {
  return findings.map(({ severity, code, rules: ids }) => [severity, code, ...ids].join(' '));
}

export function only(found: Lint): Finding {
  const [finding, ...others] = found.findings;
  if (!finding || others.length > 0) throw new Error(JSON.stringify(short(found)));
  return finding;
}
