import type { RecommenderEvaluation } from '../flows/evaluate-recommenders.js';
import type { ShortHistory } from '../flows/recommender-histories.js';
import { textTable } from '../reports/text-table.js';
import { count, indented, intervalOf, left, right, signedOf, valueOf } from './estimates-as-text.js';

type Row = Pick<ShortHistory, 'methods'> & { readonly shown: string; readonly shortened: number };

/** A row of four lines for each length, and one for everything that is known; a column for each method. */
export function historyLines({ histories = [], methods, against, k }: RecommenderEvaluation): string[] {
  const names = histories[0]?.methods.map(({ method }) => method) ?? [];
  if (names.length === 0) return [];
  const whole = methods.flatMap((one) =>
    'refused' in one ? [] : [{ method: one.method, ndcg: one.measures.ndcg, ...differenceOf(one) }],
  );
  const rows: Row[] = [
    ...histories.map(({ length, ...row }) => ({ ...row, shown: count(length) })),
    { shown: 'all', shortened: 0, methods: whole },
  ];
  const columns = [
    { title: 'latest', ...left },
    { title: 'shortened', ...right },
    { title: '', ...left },
    ...names.map((title) => ({ title, ...right })),
  ];
  const differences = names.length > 1 && names.includes(against);
  return [
    '',
    `nDCG@${k} WITH THE LATEST OF EACH HISTORY ONLY${differences ? ` (differences: to ${against}, paired)` : ''}`,
    ...indented(
      textTable(
        columns,
        rows.flatMap((row) => linesOf(row, differences)),
      ),
    ),
  ];
}

const differenceOf = ({ difference }: Pick<ShortHistory['methods'][number], 'difference'>) =>
  difference ? { difference } : {};

function linesOf({ shown, shortened, methods }: Row, differences: boolean): string[][] {
  const lines = [
    [shown, count(shortened), 'nDCG', ...methods.map(({ ndcg }) => valueOf(ndcg))],
    ['', '', '95% interval', ...methods.map(({ ndcg }) => intervalOf(ndcg, 3))],
  ];
  if (!differences) return lines;
  return [
    ...lines,
    ['', '', 'difference', ...methods.map(({ difference: one }) => (one ? signedOf(one) : ''))],
    ['', '', '95% interval', ...methods.map(({ difference: one }) => (one ? intervalOf(one, 4) : ''))],
  ];
}
