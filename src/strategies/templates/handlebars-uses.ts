import type { ReadProblem, Use } from './engine.js';
import { isReserved } from './template.js';

interface Scope {
  /** What `this` is: the whole context, or an item of a list. */
  readonly items: boolean;
  /** Names that `as |item|` gives. */
  readonly given: readonly string[];
  readonly outer?: Scope;
}

interface Found {
  readonly uses: Use[];
  readonly itemFields: string[];
  readonly problems: ReadProblem[];
}

/** What a template mentions; everything but values, `if`, `unless` and `each items` is a problem. */
export function usesOf(tree: hbs.AST.Program): Found {
  const found: Found = { uses: [], itemFields: [], problems: [] };
  visit(tree, { items: false, given: [] }, new Set(), found);
  return found;
}

function visit(
  program: hbs.AST.Program | undefined,
  scope: Scope,
  asked: ReadonlySet<string>,
  found: Found,
): void {
  for (const statement of program?.body ?? []) {
    if (isOf<hbs.AST.MustacheStatement>(statement, 'MustacheStatement'))
      printed(statement, scope, asked, found);
    else if (isOf<hbs.AST.BlockStatement>(statement, 'BlockStatement')) block(statement, scope, asked, found);
    else if (statement.type !== 'ContentStatement' && statement.type !== 'CommentStatement') {
      const message = 'partials and decorators are not run here; write their content into the template';
      refuse(found, statement, 'unsupported', message);
    }
  }
}

function printed(
  one: hbs.AST.MustacheStatement,
  scope: Scope,
  asked: ReadonlySet<string>,
  found: Found,
): void {
  if (one.params.length > 0 || hasHash(one.hash)) {
    const message = 'helpers are not run here: print a value as it is, as in {{user.first_name}}';
    refuse(found, one, 'unknown_helper', message);
    return;
  }
  mention(one.path, { bare: true, raw: !one.escaped }, scope, asked, found);
}

function block(one: hbs.AST.BlockStatement, scope: Scope, asked: ReadonlySet<string>, found: Found): void {
  const name = one.path.original;
  const [value, ...more] = one.params;
  if (
    !['if', 'unless', 'each'].includes(name) ||
    value === undefined ||
    more.length > 0 ||
    hasHash(one.hash)
  ) {
    const message = `there is no block "${name.slice(0, 60)}" like this here; there are {{#if value}}, {{#unless value}} and {{#each items}}`;
    refuse(found, one, 'unknown_helper', message);
    return;
  }
  mention(value, { bare: false, raw: false }, scope, asked, found);
  const original = (value as Partial<hbs.AST.PathExpression>).original ?? '';
  if (name === 'each') {
    if (!/^(@root\.|(\.\.\/)*)items$/.test(original)) {
      refuse(found, value, 'unknown_list', 'the one list there is is items: write {{#each items}}');
    }
    visit(one.program, { items: true, given: blockParamsOf(one.program), outer: scope }, asked, found);
  } else visit(one.program, scope, new Set([...asked, original]), found);
  visit(one.inverse, scope, new Set([...asked, original]), found);
}

function mention(
  value: hbs.AST.Expression,
  how: { bare: boolean; raw: boolean },
  scope: Scope,
  asked: ReadonlySet<string>,
  found: Found,
): void {
  if (!isOf<hbs.AST.PathExpression>(value, 'PathExpression')) {
    refuse(found, value, 'unsupported', 'a value has a name here, as in {{user.first_name}}');
    return;
  }
  const names = value.parts as readonly string[];
  const reserved = names.find(isReserved);
  if (reserved !== undefined) {
    refuse(found, value, 'unknown_token', `there is no "${reserved}" here`);
    return;
  }
  if (value.data && names[0] !== 'root') return;
  const place = placeOf(value);
  const at = value.data ? 'root' : holderOf(value, scope);
  if (at === 'given') found.itemFields.push(...names.slice(1));
  else if (at === 'item') found.itemFields.push(...names);
  else if (at === 'nowhere')
    refuse(found, value, 'unknown_token', `${value.original} leads out of the template`);
  const bare = how.bare && !asked.has(value.original);
  const path = value.data ? names.slice(1) : names;
  const isItem = at === 'given' || at === 'item';
  if (isItem && how.raw) found.uses.push({ path: ['items', ...path], ...place, bare, raw: true });
  if (at === 'root') found.uses.push({ path, ...place, bare, raw: how.raw });
}

/** Where a path begins: the context, an item, or a name that stands for an item. */
function holderOf(value: hbs.AST.PathExpression, scope: Scope): 'root' | 'item' | 'given' | 'nowhere' {
  for (let s: Scope | undefined = scope; s && value.depth === 0; s = s.outer) {
    if (s.given.includes(String(value.parts[0]))) return 'given';
  }
  let holder: Scope | undefined = scope;
  for (let up = 0; up < value.depth && holder; up += 1) holder = holder.outer;
  return holder === undefined ? 'nowhere' : holder.items ? 'item' : 'root';
}

function refuse(found: Found, node: hbs.AST.Node, code: string, message: string): void {
  found.problems.push({ code, ...placeOf(node), message });
}

function placeOf({ loc }: hbs.AST.Node): { line: number; column: number } {
  return { line: loc.start.line, column: loc.start.column + 1 };
}

/** Absent where a block names none, whatever its type says. */
function blockParamsOf(program: { readonly blockParams?: readonly string[] }): readonly string[] {
  return program.blockParams ?? [];
}

function hasHash(hash: hbs.AST.Hash | undefined): boolean {
  return (hash?.pairs.length ?? 0) > 0;
}

function isOf<Node extends hbs.AST.Node>(node: hbs.AST.Node, type: Node['type']): node is Node {
  return node.type === type;
}
