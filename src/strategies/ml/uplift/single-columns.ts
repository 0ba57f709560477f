import { upliftAreas } from '../../../evaluation/uplift/areas.js';
import { rankingOf } from '../../../evaluation/uplift/ranking.js';
import type { TrialOutcomes } from '../../../evaluation/uplift/trial-outcomes.js';
import type { Column, Table } from '../table.js';
import type { TrialTable } from './learner.js';

/** A ranking of recipients by one column and nothing else: what any model has to be better than. */
export interface SingleColumn {
  /** `womens, highest first`, `zip_code = Rural first`. */
  readonly name: string;
  readonly scoresOf: (table: Table) => Float64Array;
}

/** More categories than this would each be a ranking of a few recipients. */
const mostCategories = 12;

/** Numbers from either end, each category before all others. Whatever is missing comes last. */
export function singleColumns(table: Table): SingleColumn[] {
  return table.columns.flatMap((column, place): SingleColumn[] => {
    const scores = (score: (column: Column, row: number) => number) => (of: Table) =>
      Float64Array.from({ length: of.rows }, (_, row) => score(of.columns[place] as Column, row));
    if (column.type === 'category') {
      return column.categories.slice(0, mostCategories).map((category, code) => ({
        name: `${column.name} = ${category} first`,
        scoresOf: scores((one, row) => (one.type === 'category' && one.codes[row] === code ? 1 : 0)),
      }));
    }
    const numbers = (sign: 1 | -1) =>
      scores((one, row) => {
        const value = one.type === 'number' ? (one.values[row] as number) : NaN;
        return Number.isFinite(value) ? sign * value : -Number.MAX_VALUE;
      });
    return [
      { name: `${column.name}, highest first`, scoresOf: numbers(1) },
      { name: `${column.name}, lowest first`, scoresOf: numbers(-1) },
    ];
  });
}

/** The single column that ranks best among the recipients a model learned from; choosing it where it is measured would flatter it. */
export function bestColumn(columns: readonly SingleColumn[], trial: TrialTable): SingleColumn | undefined {
  const outcomes = outcomesOf(trial);
  let best: { readonly column: SingleColumn; readonly area: number } | undefined;
  for (const column of columns) {
    const { qiniArea } = upliftAreas(rankingOf(column.scoresOf(trial.table), outcomes), true);
    if (!best || qiniArea > best.area) best = { column, area: qiniArea };
  }
  return best?.column;
}

export function outcomesOf({ treated, labels }: TrialTable): TrialOutcomes {
  return { treated, outcomes: Float64Array.from(labels) };
}
