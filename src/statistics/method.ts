/** One form in which data, or what was made from them, reach a method. */
export type Need =
  | 'n' // recipients per arm
  | 'nonZero' // recipients with an outcome other than zero; the successes of a proportion
  | 'sum' // Σy
  | 'sumSquares' // Σy²
  | 'sumCubes' // Σy³
  | 'cross_sums' // Σ of several outcomes or covariates, and Σ of their products
  | 'outcomes' // the outcomes themselves, recipient by recipient
  | 'planned_weights' // the shares that the arms were to get
  | 'effects' // estimates with standard errors, made by another method
  | 'p_values' // p-values, made by other methods
  | 'plan' // what is known or hoped before anything is sent
  | 'design'; // what is fixed beforehand: factors, levels and generators, or the times of the looks

/** A choice that comes to a method beside its data. */
export interface Parameter {
  readonly name: string;
  /** What it means, with unit and range. */
  readonly meaning: string;
}

/**
 * One entry of the list of methods. The declaration stands in the method's own file, under the function; the
 * documentation, the reports (which name methods by `title`) and the contract test read it from the registry.
 *
 * `compute` is pure. It answers with values or with a refusal, never with NaN, and throws nothing but an
 * `ArgumentError`.
 */
export interface Method<Compute extends (...args: never[]) => unknown = (...args: never[]) => unknown> {
  /** Stable id, `family.name`; a `TestResult` carries it. */
  readonly id: string;
  /** What a reader of a report would call it. */
  readonly title: string;
  /** What `compute` takes, apart from parameters. */
  readonly needs: readonly Need[];
  readonly parameters: readonly Parameter[];
  /** Where the formula comes from. */
  readonly reference: string;
  readonly compute: Compute;
}

/** The parameter that most intervals share. */
export const LEVEL: Parameter = { name: 'level', meaning: 'confidence level in (0, 1), for example 0.95' };

/** The parameter that most designs share. */
export const ALPHA: Parameter = {
  name: 'alpha',
  meaning: 'two-sided significance level in (0, 1), for example 0.05',
};
