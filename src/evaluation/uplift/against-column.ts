import type { Figure } from '../figure.js';

/** A learner beside the best single column, measured on the same recipients. */
export interface AgainstColumn {
  readonly learner: string;
  readonly column: string;
  readonly learnerQini: Figure;
  readonly columnQini: Figure;
  /** Learner's less the column's. */
  readonly difference: Figure;
}

/** What a reader has to know of it in one sentence, which says no more than the interval of the difference does. */
export function againstColumn({
  learner,
  column,
  learnerQini,
  columnQini,
  difference,
}: AgainstColumn): string {
  if ('refused' in learnerQini)
    return `${learner} cannot be compared with a single column: ${learnerQini.reason}`;
  if ('refused' in columnQini || 'refused' in difference || !difference.interval) {
    return `${learner} cannot be compared with the column ${column}: their difference cannot be told.`;
  }
  const [lower, upper] = difference.interval;
  const figures = `Qini ${decimal(columnQini.value)} against ${decimal(learnerQini.value)}`;
  const by = `difference ${signed(difference.value)}, 95 % from ${signed(lower)} to ${signed(upper)}`;
  if (lower > 0) return `${learner} ranks better than the best single column (${column}): ${figures}; ${by}.`;
  if (upper < 0) return `One column (${column}) ranks better than ${learner}: ${figures}; ${by}.`;
  return `One column (${column}) does as well as ${learner}: ${figures}; ${by}.`;
}

const decimal = (value: number): string => value.toFixed(4);
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
