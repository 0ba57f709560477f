import {
  countCategories,
  countNumbers,
  quantileEdges,
  usualBins,
} from '../../evaluation/drift/distribution.js';
import type { Distribution, Reference } from '../model-report.js';
import type { Json, LearningLog, NothingLearned, Watched } from '../strategy.js';
import { positivesOf, rowsAt } from './labels.js';
import { activityOf, cellsOf, heldOutOf, type Lesson } from './learn-outcomes.js';
import { scorerOf } from './scorer.js';
import { type Cell, type Table, tableOf } from './table.js';

/** More categories than this are counted together. */
const mostCategories = 20;

/** How what a model saw and said on some rows is distributed: the ground that drift is measured from. */
export function referenceOf(
  names: readonly string[],
  cells: readonly (readonly Cell[])[],
  scores: Float64Array,
): Reference {
  return {
    scores: countNumbers('scores', scores, quantileEdges(scores, usualBins)),
    features: tableOf(names, cells).columns.map(distributionOf),
  };
}

function distributionOf(column: Table['columns'][number]): Distribution {
  const { name } = column;
  if (column.type === 'number') return countNumbers(name, column.values, quantileEdges(column.values));
  const texts = textsOf(column);
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
  const most = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, mostCategories);
  return countCategories(
    name,
    texts,
    most.map(([text]) => text),
  );
}

function textsOf({ codes, categories }: Extract<Table['columns'][number], { type: 'category' }>) {
  return Array.from(codes, (code) => (code < 0 ? undefined : categories[code]));
}

/**
 * The same of whoever would be looked at as of the clock, in the bins of the reference; and what became of the predictions
 * of the newest horizon that has closed, over all outcomes.
 */
export function watchState(
  lesson: Lesson,
  state: Json,
  reference: Reference,
  log: LearningLog,
  clock: Date,
): Watched | NothingLearned {
  const scorer = scorerOf(state);
  const rows = rowsAt(log, lesson, [clock.getTime()], activityOf(lesson));
  if (rows.recipients.length === 0)
    return { refused: true, code: 'too_few', reason: 'There is nobody whom the model could look at.' };
  const cells = cellsOf(scorer.features, log, rows);
  const names = scorer.features.names;
  const features = reference.features.flatMap((then) => {
    const place = names.indexOf(then.name);
    return place < 0
      ? []
      : [
          countLike(
            then,
            cells.map((row) => row[place]),
          ),
        ];
  });
  const closed = heldOutOf(lesson, log, clock);
  const predicted = scorer.scoreRows(cellsOf(scorer.features, log, closed.rows));
  const tasks = lesson.tasks.map(({ key }, i) => ({ labels: closed.labels[i], scores: predicted.get(key) }));
  return {
    now: { scores: countLike(reference.scores, highest(scorer.scoreRows(cells), cells.length)), features },
    outcomes: {
      rows: closed.rows.recipients.length,
      observed: sum(tasks.map(({ labels, scores }) => (labels && scores ? positivesOf(labels) : 0))),
      expected: sum(tasks.map(({ scores }) => sum(scores ?? []))),
    },
  };
}

/** Of each row the highest of its scores: the only one, or that of the outcome that would be chosen. */
export function highest(scores: ReadonlyMap<string, Float64Array>, rows: number): Float64Array {
  const most = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  for (const one of scores.values())
    for (let i = 0; i < rows; i++) most[i] = Math.max(most[i] as number, one[i] as number);
  return most;
}

function countLike(then: Distribution, values: ArrayLike<Cell>): Distribution {
  const { name } = then;
  if ('edges' in then) return countNumbers(name, Array.from(values, numberOf), then.edges);
  return countCategories(name, Array.from(values, textOf), then.categories);
}

function numberOf(cell: Cell): number {
  const value = typeof cell === 'boolean' ? Number(cell) : cell;
  return typeof value === 'number' && Number.isFinite(value) ? value : NaN;
}

function textOf(cell: Cell): string | undefined {
  if (cell === null || cell === undefined || (typeof cell === 'number' && !Number.isFinite(cell)))
    return undefined;
  return String(cell);
}

const sum = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((total, value) => total + value, 0);
