import fc from 'fast-check';
import { addCrossSums, crossSumsOf, type CrossSums } from '../../src/statistics/cross-sums.js';

export type Rows = readonly (readonly bigint[])[];

/** The cross sums of an arm, row by row. */
export function add(rows: Rows): CrossSums {
  return rows.map(crossSumsOf).reduce(addCrossSums);
}

/** Weight at 21 days, at birth and at 2 days of the chicks of R's ChickWeight, by diet; Crowder & Hand (1990), example 5.3. */
export const chicks: readonly Rows[] = [
  '205 42 51 215 40 49 202 43 39 157 42 49 223 41 42 157 41 49 305 41 49 98 42 51 124 41 44 175 43 51 205 41 49 96 41 48 ' +
    '266 41 49 142 42 51 157 43 48 117 41 47',
  '331 40 50 167 41 55 175 43 52 74 42 52 265 40 49 251 42 48 192 39 46 233 39 46 309 39 48 150 42 48',
  '256 42 53 305 41 49 147 39 50 341 41 49 373 41 53 220 39 48 178 41 48 290 41 49 272 42 50 321 41 55',
  '204 42 51 281 42 49 200 42 55 196 41 50 238 40 52 205 41 53 322 39 50 237 40 53 264 41 54',
].map((diet) => {
  const numbers = diet.split(' ').map(BigInt);
  return Array.from({ length: numbers.length / 3 }, (_, i) => numbers.slice(3 * i, 3 * i + 3));
});
/** The same without the weight at 2 days. */
export const byBirth = chicks.map((diet) => diet.map((row) => row.slice(0, 2)));

/** Two or three arms of an outcome with `covariates` covariates, which it follows a little. */
export function armsOf(covariates: number): fc.Arbitrary<Rows[]> {
  const row = fc
    .tuple(
      fc.bigInt({ min: -30n, max: 30n }),
      fc.array(fc.bigInt({ min: -20n, max: 20n }), {
        minLength: covariates,
        maxLength: covariates,
      }),
    ) // prettier-ignore
    .map(([noise, xs]) => [xs.reduce((sum, x) => sum + 2n * x, noise + 100n), ...xs]);
  return fc.array(fc.array(row, { minLength: covariates + 4, maxLength: 15 }), {
    minLength: 2,
    maxLength: 3,
  });
}
