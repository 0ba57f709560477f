import type { Use } from './engine.js';
import type { Finding } from './finding.js';
import { isReserved, roots, type Token } from './template.js';

type Tokens = Readonly<Record<string, Token>>;

/** What is wrong with the names that a part uses: every one is declared, and whatever is printed is never missing. */
export function checkUses(uses: readonly Use[], tokens: Tokens, part: string): Finding[] {
  return uses.flatMap((use): Finding[] => {
    const problem = problemOf(use, tokens);
    return problem ? [{ severity: 'error', part, line: use.line, column: use.column, ...problem }] : [];
  });
}

function problemOf({ path, bare, raw }: Use, tokens: Tokens): { code: string; message: string } | undefined {
  const [root = '', name] = path;
  const full = path.join('.');
  if (raw && root !== 'slots') {
    const message = `${full} comes from outside and is always escaped; only a slot may stand raw`;
    return { code: 'raw_filter', message };
  }
  if (path.some(isReserved)) return { code: 'unknown_token', message: `there is no "${full}" here` };
  if (root === 'items') return undefined;
  if (root === 'message') {
    if (full === 'message.id') return undefined;
    return { code: 'unknown_token', message: 'of the message only message.id is known' };
  }
  if (roots.includes(root) && name === undefined) {
    return { code: 'unknown_token', message: `name which one of ${root} is meant, as in ${root}.name` };
  }
  if (path.length > (roots.includes(root) ? 2 : 1)) {
    const message = `${full} asks for a part of a value, and values have no parts`;
    return { code: 'unknown_token', message };
  }
  const token = Object.hasOwn(tokens, full) ? tokens[full] : undefined;
  if (root === 'slots') return undefined;
  if (token === undefined) {
    const known = Object.keys(tokens);
    const list = known.length > 0 ? `declared are ${known.slice(0, 20).join(', ')}` : 'none is declared';
    const message = `the token "${full}" is not declared under tokens; ${list}`;
    return { code: 'unknown_token', message };
  }
  if (bare && token.default === undefined) {
    const message = `"${full}" may be missing: give the token a default, or print it inside a condition that asks for it`;
    return { code: 'no_default', message };
  }
  return undefined;
}

/** Slots that the arms must set because the template prints them and has no default for them. */
export function neededSlots(uses: readonly Use[], tokens: Tokens): string[] {
  const names = uses.flatMap(({ path: [root, name], bare }) =>
    bare && root === 'slots' && name !== undefined ? [name] : [],
  );
  return [...new Set(names)].filter((name) => tokens[`slots.${name}`]?.default === undefined);
}
