import { type Template, TokenKind, type Value } from 'liquidjs';
import type { ReadProblem } from './engine.js';
import { roots } from './template.js';

interface Output {
  readonly bare: boolean;
  readonly raw: boolean;
}

interface Walk {
  /** By `line:column` of the value. */
  readonly at: Map<string, Output>;
  readonly problems: ReadProblem[];
}

/** As much of liquidjs' nodes as is looked at. */
interface Node extends Template {
  readonly name?: string;
  readonly value?: unknown;
}

interface Placed {
  getPosition(): [number, number];
}

interface PathToken extends Placed {
  readonly kind: number;
  readonly props: readonly { readonly content?: string }[];
}

/** What is printed, and whether a condition around it asks for the same value. */
export function outputsOf(templates: readonly Template[]): Walk {
  const walk: Walk = { at: new Map(), problems: [] };
  visit(templates, new Set(), walk);
  return walk;
}

function visit(templates: readonly Template[], asked: ReadonlySet<string>, walk: Walk): void {
  for (const node of templates as readonly Node[]) {
    for (const name of madeBy(node)) {
      if (!roots.includes(name)) continue;
      const [line, column] = (node.token as unknown as Placed).getPosition();
      const message = `"${name}" stands for something already; choose another name`;
      walk.problems.push({ code: 'taken_name', line, column, message });
    }
    if (isValue(node.value) && (node.name === undefined || node.name === 'echo' || node.name === 'assign')) {
      note(node.value, node.name, asked, walk);
    }
    const inside = conditional.has(node.name ?? '') ? new Set([...asked, ...askedBy(node)]) : asked;
    visit(childrenOf(node), inside, walk);
  }
}

/** Names that a tag gives to something of its own. */
function madeBy(node: Node): string[] {
  const local = [...(node.localScope?.() ?? [])].map((token) => token.content);
  return [...local, ...(node.blockScope?.() ?? [])];
}

const conditional = new Set(['if', 'unless', 'case']);

function note(value: Value, tag: string | undefined, asked: ReadonlySet<string>, walk: Walk): void {
  const tokens: readonly unknown[] = value.initial.postfix;
  const path = tokens.find(isPath);
  // The escaping that is set up for all outputs stands last and has no name.
  const names = value.filters.map((filter) => filter.name).filter((name) => /^[a-z_]+$/.test(name));
  const raw = names.includes('raw');
  if (
    raw &&
    (names.length > 1 || tag === 'assign' || tokens.length !== 1 || path?.props[0]?.content !== 'slots')
  ) {
    const [line, column] = path?.getPosition() ?? [1, 1];
    const message =
      'raw stands alone behind a slot, as in {{ slots.offer | raw }}; nothing may be added to what is not escaped';
    walk.problems.push({ code: 'raw_filter', line, column, message });
  }
  if (!path) return;
  const bare = tag !== 'assign' && names[0] !== 'default' && !asked.has(nameOf(path));
  walk.at.set(path.getPosition().join(':'), { bare, raw });
}

/** Names that a condition mentions. */
function askedBy(node: Node): string[] {
  return [...(node.arguments?.() ?? [])].flatMap((argument) => {
    const tokens: readonly unknown[] = isValue(argument) ? argument.initial.postfix : [argument];
    return tokens.filter(isPath).map(nameOf);
  });
}

function childrenOf(node: Node): readonly Template[] {
  const steps = node.children?.(false, true);
  for (let step = steps?.next(); step; step = steps?.next()) if (step.done) return step.value;
  return [];
}

function isValue(value: unknown): value is Value {
  return typeof value === 'object' && value !== null && 'initial' in value && 'filters' in value;
}

function isPath(token: unknown): token is PathToken {
  return (token as { kind?: unknown } | null)?.kind === TokenKind.PropertyAccess;
}

function nameOf(path: PathToken): string {
  return path.props.map((prop) => prop.content ?? '[]').join('.');
}
