import type { Knex } from 'knex';
import type { Parsed, Problem } from '../experiments/read-with.js';
import type { Finding } from '../strategies/keeping/finding.js';
import { StrategyLinter } from '../strategies/keeping/lint-strategy.js';
import { findKind, strategyKinds } from '../strategies/registry.js';
import { pinContents } from './load-contents.js';
import { pinSegments } from './load-segments.js';
import { lookUp } from './look-up.js';

/** A strategy that has been checked: its kind and the plain JSON that `decide` works on. */
export interface ParsedStrategy {
  readonly kind: string;
  readonly definition: unknown;
}

/**
 * Reads a definition as a sender wrote it: every content and segment that it names is pinned to a version, so that what is
 * hashed never means something else later, and what lint calls an error is refused. A version cannot be mended, so that
 * nothing is lost by refusing it before it is one.
 */
export async function readStrategy(
  trx: Knex,
  definition: { kind: string },
  now: Date,
): Promise<Parsed<ParsedStrategy>> {
  const pinned = await pinStrategy(trx, definition);
  if (!pinned.ok) return pinned;
  const linter = new StrategyLinter(pinned.value, await lookUp(trx, pinned.value), now.getTime());
  const problems = linter
    .finish()
    .findings.filter(({ severity }) => severity === 'error')
    .map(problemOf);
  return problems.length === 0 ? pinned : { ok: false, problems };
}

/** Parsed, with everything that it names pinned; unknown names are told where they were written. */
export async function pinStrategy(trx: Knex, definition: { kind: string }): Promise<Parsed<ParsedStrategy>> {
  const asWritten = parseStrategy(definition);
  if (!asWritten.ok) return asWritten;
  const contents = await pinContents(trx, definition);
  const segments = await pinSegments(trx, contents.ok ? contents.value : definition);
  if (contents.ok && segments.ok) return parseStrategy(segments.value);
  return { ok: false, problems: [contents, segments].flatMap((one) => (one.ok ? [] : one.problems)) };
}

/** Finds the kind of a definition and lets it check the rest. */
export function parseStrategy(definition: { kind: string }): Parsed<ParsedStrategy> {
  const kind = findKind(definition.kind);
  if (!kind) {
    const kinds = strategyKinds.map((known) => known.kind).join(', ');
    const message = `there is no kind "${definition.kind}"; the kinds are ${kinds}`;
    return { ok: false, problems: [{ path: 'kind', message }] };
  }
  const parsed = kind.parse(definition);
  return parsed.ok ? { ok: true, value: { kind: kind.kind, definition: parsed.value } } : parsed;
}

function problemOf({ code, message, witness }: Finding): Problem {
  const example = witness ? ` For example: ${witness.text}.` : '';
  return { path: code === 'test_failed' ? 'tests' : 'rules', message: message + example };
}
