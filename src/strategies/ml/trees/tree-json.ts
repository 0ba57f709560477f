import type { Json } from '../../strategy.js';
import type { ColumnSpec } from '../table.js';
import type { Fork, Tree, TreeNode } from './tree.js';

/** A leaf is its value, a fork `[column, cut, first way, way of what is missing]`. */
export function treeToJson(tree: Tree): Json {
  return tree.map((node) =>
    typeof node === 'number' ? node : [node.column, node.cut, node.first, node.missing],
  );
}

/**
 * @param name of the tree, for the sentence: `tree 3`.
 * @throws Error with a sentence for what is no tree over these columns: no list, a way that leads out of it, back, or to a node
 *   that another one leads to, a number that is none.
 */
export function treeFromJson(json: unknown, columns: readonly ColumnSpec[], name: string): Tree {
  if (!Array.isArray(json) || json.length === 0) throw new Error(`${name} must be a list of nodes`);
  const size = json.length;
  const reached = new Uint8Array(size);
  reached[0] = 1;
  const tree = json.map((node: unknown, place): TreeNode => {
    const where = `node ${place} of ${name}`;
    if (typeof node === 'number' && Number.isFinite(node)) return node;
    if (!Array.isArray(node) || node.length !== 4) {
      throw new Error(`${where} must be a number or [column, cut, first way, missing]`);
    }
    const [column, cut, first, missing] = node as unknown[];
    const spec = Number.isInteger(column) ? columns[column as number] : undefined;
    if (!spec) throw new Error(`${where} names a column that the model does not have`);
    if (missing !== 0 && missing !== 1)
      throw new Error(`${where} does not say which way goes what is missing`);
    if (!Number.isInteger(first)) throw new Error(`${where} leads to no node`);
    lead(reached, first as number, place, where);
    const fork: Fork = {
      column: column as number,
      cut: cutOf(cut, spec, where),
      first: first as number,
      missing,
    };
    return fork;
  });
  const lost = reached.indexOf(0);
  if (lost >= 0) throw new Error(`node ${lost} of ${name} cannot be reached: the tree is not whole`);
  return tree;
}

/** Notes that a fork leads to two nodes, which nothing else does. */
function lead(reached: Uint8Array, first: number, place: number, where: string): void {
  if (first <= place) throw new Error(`${where} leads back to node ${first}`);
  if (first + 1 >= reached.length) throw new Error(`${where} leads to node ${first + 1}, which is not there`);
  if (reached[first] === 1 || reached[first + 1] === 1) {
    throw new Error(`${where} leads to node ${first}, to which another one leads`);
  }
  reached.fill(1, first, first + 2);
}

function cutOf(cut: unknown, spec: ColumnSpec, where: string): number | readonly number[] {
  if (spec.type === 'number') {
    if (typeof cut === 'number' && Number.isFinite(cut)) return cut;
    throw new Error(`${where} must be cut at a finite number`);
  }
  const isCode = (code: unknown): boolean =>
    Number.isInteger(code) && (code as number) >= 0 && (code as number) < spec.categories.length;
  if (Array.isArray(cut) && cut.every(isCode)) return cut as number[];
  throw new Error(`${where} must be cut by categories of ${spec.name}`);
}

/** @throws Error with a sentence where one of them is none. */
export function treesFromJson(json: unknown, columns: readonly ColumnSpec[]): Tree[] {
  if (!Array.isArray(json)) throw new Error('The model has no list of trees: it is truncated.');
  return json.map((tree: unknown, t) => treeFromJson(tree, columns, `tree ${t}`));
}
