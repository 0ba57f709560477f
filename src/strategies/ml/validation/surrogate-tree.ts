import type { ModelReport } from '../../model-report.js';
import { type Column, type Table } from '../table.js';
import { answerOf, bestSplit, type Question } from './surrogate-split.js';

type Node =
  | { readonly value: number; readonly rows: number }
  | { readonly question: Question; readonly yes: Node; readonly no: Node };

const deepest = 3;
/** Of the rows, and as a number, that a leaf has at least. */
const leastShare = 0.01;
const leastRows = 20;

/**
 * A tree of three questions at most that imitates a model: where its predictions are, not where the labels are. A reader sees
 * what the model looks at first; how much of it that is, fidelity tells.
 *
 * @param learned rows and what the model predicts for them.
 * @param checked other rows, of which fidelity is: the share of the variance of the model's predictions that the tree explains
 *   (R²; 1 imitates it wholly, below 0 is worse than their mean).
 */
export function surrogateTree(
  learned: { readonly table: Table; readonly predictions: Float64Array },
  checked: { readonly table: Table; readonly predictions: Float64Array },
): NonNullable<ModelReport['surrogate']> {
  const rows = Int32Array.from({ length: learned.table.rows }, (_, row) => row);
  const fewest = Math.max(leastRows, Math.ceil(leastShare * rows.length));
  const tree = grow(learned.table.columns, rows, learned.predictions, fewest, deepest);
  return { lines: linesOf(tree), fidelity: fidelityOf(tree, checked.table, checked.predictions) };
}

function grow(
  columns: readonly Column[],
  rows: Int32Array,
  targets: Float64Array,
  fewest: number,
  depth: number,
): Node {
  const mean = rows.reduce((sum, row) => sum + (targets[row] as number), 0) / Math.max(1, rows.length);
  const leaf = { value: mean, rows: rows.length };
  if (depth === 0) return leaf;
  const splits = columns.flatMap((column) => bestSplit(column, rows, targets, fewest) ?? []);
  const [first, ...others] = splits;
  if (!first) return leaf;
  const best = others.reduce((a, b) => (b.gain > a.gain ? b : a), first);
  return {
    question: best.question,
    yes: grow(columns, best.yes, targets, fewest, depth - 1),
    no: grow(columns, best.no, targets, fewest, depth - 1),
  };
}

function linesOf(node: Node, indent = ''): string[] {
  if ('value' in node) return [`${indent}${leafText(node)}`];
  const branch = (condition: string, next: Node): string[] =>
    'value' in next
      ? [`${indent}${condition}: ${leafText(next)}`]
      : [`${indent}${condition}:`, ...linesOf(next, `${indent}  `)];
  const [yes, no] = conditionsOf(node.question);
  return [...branch(yes, node.yes), ...branch(no, node.no)];
}

function leafText({ value, rows }: { value: number; rows: number }): string {
  return `${(100 * value).toFixed(1)} % (${rows.toLocaleString('en-US')} rows)`;
}

function conditionsOf(question: Question): readonly [string, string] {
  const { name } = question;
  if (question.type === 'number') {
    const most = Number(question.most.toPrecision(6));
    return question.missing
      ? [`${name} ≤ ${most} or missing`, `${name} > ${most}`]
      : [`${name} ≤ ${most}`, `${name} > ${most} or missing`];
  }
  const { texts } = question;
  const shown = texts.slice(0, 5).join(', ') + (texts.length > 5 ? ` and ${texts.length - 5} more` : '');
  return [`${name} is ${texts.length > 1 ? 'one of ' : ''}${shown}`, `${name} is anything else`];
}

function fidelityOf(tree: Node, table: Table, predictions: Float64Array): number {
  const places = new Map(table.columns.map((column) => [column.name, column]));
  const mean = predictions.reduce((sum, p) => sum + p, 0) / Math.max(1, predictions.length);
  let [missed, spread] = [0, 0];
  for (const [row, predicted] of predictions.entries()) {
    let node = tree;
    while (!('value' in node)) {
      const column = places.get(node.question.name) as Column;
      node = answerOf(node.question, column, row) ? node.yes : node.no;
    }
    missed += (predicted - node.value) ** 2;
    spread += (predicted - mean) ** 2;
  }
  // A model that says the same of everybody is imitated wholly by one leaf.
  return spread > 0 ? 1 - missed / spread : 1;
}
