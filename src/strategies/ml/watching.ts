import {
  countCategories,
  countNumbers,
  quantileEdges,
  usualBins,
} from '../../evaluation/drift/distribution.js';
import type { Distribution, Reference } from '../model-report.js';
import type { Json, LearningLog, NothingLearned, Watched } from '../strategy.js';
import { positivesOf, rowsAt } from './labels.js';
import { cellsOf, heldOutOf, type Lesson, populationOf } from './learn-outcomes.js';
import { type Scorer, scorerOf } from './scorer.js';
import { type Cell, type Table, tableOf } from './table.js';

/** More categories than this are counted together. */
const mostCategories = 20;

/** What a model sees and says of some rows. */
export interface Seen {
  readonly names: readonly string[];
  readonly cells: readonly (readonly Cell[])[];
  readonly scores: Float64Array;
}

/**
 * Whoever a lesson speaks about as of the clock, as its model sees them. Reference and what is seen later are both drawn by
 * this rule: rows of an earlier cut-off, such as the hold-out, are other rows, of which less was known.
 */
function seenAt(lesson: Lesson, scorer: Scorer, log: LearningLog, clock: Date): Seen {
  const cells = cellsOf(scorer.features, log, rowsAt(log, populationOf(lesson), [clock.getTime()]));
  return {
    ...{ names: scorer.features.names, cells },
    scores: highest(scorer.scoreRows(cells), cells.length),
  };
}

/** What a model that was just learned sees and says at its own clock: the ground that drift is measured from. */
export function referenceOf(
  lesson: Lesson,
  state: Json,
  log: LearningLog,
  clock: Date,
): { readonly reference?: Reference } {
  const seen = seenAt(lesson, scorerOf(state), log, clock);
  return seen.cells.length === 0 ? {} : { reference: distributionsOf(seen) };
}

/** How what a model sees and says is distributed, in bins of its own. */
export function distributionsOf({ names, cells, scores }: Seen): Reference {
  return {
    scores: countNumbers('scores', scores, quantileEdges(scores, usualBins)),
    features: tableOf(names, cells).columns.map(distributionOf),
  };
}

/** The same in the bins of a reference. */
export function countedLike(reference: Reference, { names, cells, scores }: Seen): Reference {
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
  return { ...(reference.scores && { scores: countLike(reference.scores, scores) }), features };
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
 * The same of whoever the lesson speaks about as of a later clock, in the bins of the reference; and what became of the
 * predictions of the newest horizon that has closed, over all outcomes.
 */
export function watchState(
  lesson: Lesson,
  state: Json,
  reference: Reference,
  log: LearningLog,
  clock: Date,
): Watched | NothingLearned {
  const scorer = scorerOf(state);
  const seen = seenAt(lesson, scorer, log, clock);
  if (seen.cells.length === 0) return nobodySeen;
  const closed = heldOutOf(lesson, log, clock);
  const predicted = scorer.scoreRows(cellsOf(scorer.features, log, closed.rows));
  const tasks = lesson.tasks.map(({ key }, i) => ({ labels: closed.labels[i], scores: predicted.get(key) }));
  return {
    now: countedLike(reference, seen),
    outcomes: {
      rows: closed.rows.recipients.length,
      observed: sum(tasks.map(({ labels, scores }) => (labels && scores ? positivesOf(labels) : 0))),
      expected: sum(tasks.map(({ scores }) => sum(scores ?? []))),
    },
  };
}

export const nobodySeen: NothingLearned = {
  refused: true,
  code: 'too_few',
  reason: 'There is nobody whom the model could look at.',
};

/** Of each row the highest of its scores: the only one, or that of the outcome that would be chosen. */
function highest(scores: ReadonlyMap<string, Float64Array>, rows: number): Float64Array {
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
