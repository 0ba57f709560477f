import type { PersonaModel, PersonaRequest } from './persona.js';

/** So many digits of a scaled value count: sums in another order must not make another cluster. */
const digits = 1e9;

export interface Scaled {
  readonly scaling: PersonaModel['scaling'];
  readonly rows: number[][];
}

/** Values about 0 with a deviation of 1. @returns the name of a feature that is the same for everybody, where there is one. */
export function scale(
  rows: readonly (readonly number[])[],
  { features }: PersonaRequest,
): Scaled | { readonly constant: string } {
  const columns = features.map(({ scale: kind }, i) => rows.map((row) => transformed(row[i] ?? 0, kind)));
  const scaling = columns.map(moments);
  const constant = scaling.findIndex(({ deviation }) => !(deviation > 1e-12));
  if (constant !== -1) return { constant: features[constant]?.feature ?? '' };
  const scaled = rows.map((_, r) =>
    scaling.map(({ mean, deviation }, i) => {
      const value = ((columns[i]?.[r] ?? 0) - mean) / deviation;
      return Math.round(value * digits) / digits;
    }),
  );
  return { scaling, rows: scaled };
}

/** The logarithm keeps the sign, so that money that went back has a place too. */
function transformed(value: number, kind: 'standard' | 'log'): number {
  return kind === 'log' ? Math.sign(value) * Math.log1p(Math.abs(value)) : value;
}

function moments(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
