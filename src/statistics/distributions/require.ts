import { ArgumentError } from '../argument-error.js';

/** The continued fraction of the beta distribution takes 35/shape steps below one. */
const SMALLEST = 1e-4;
const LARGEST = 1e15;

export function requireNumber(argument: string, value: number): void {
  if (Number.isNaN(value)) throw new ArgumentError(argument, 'must be a number');
}

/** A shape or degrees of freedom: positive, and within what doubles can tell apart. */
export function requireShape(argument: string, value: number): void {
  if (!(value >= SMALLEST && value <= LARGEST)) {
    throw new ArgumentError(argument, 'must be a number above 0, from 1e-4 to 1e15');
  }
}

/** Degrees of freedom of a noncentral numerator: below a tenth the path of integration has no room beside the pole. */
export function requirePathShape(argument: string, value: number): void {
  if (!(value >= 0.1 && value <= LARGEST)) {
    throw new ArgumentError(argument, 'must be a number from 0.1 to 1e15');
  }
}

/** A shape with a limit at Infinity, which stands for all that is above 1e15; answers that. */
export function shapeOrInfinity(argument: string, value: number): number {
  if (!(value >= SMALLEST)) throw new ArgumentError(argument, 'must be a number above 0, from 1e-4 on');
  return value > LARGEST ? Infinity : value;
}

/** A noncentrality, of either sign if `least` is -1e15. */
export function requireNoncentrality(value: number, least: number): void {
  if (!(value >= least && value <= LARGEST)) {
    throw new ArgumentError('ncp', `must be a number from ${String(least)} to 1e15`);
  }
}

export function requireProbability(value: number): void {
  if (!(value >= 0 && value <= 1)) throw new ArgumentError('p', 'must be a probability from 0 to 1');
}

export function requireTrials(n: number): void {
  if (!(Number.isInteger(n) && n >= 0 && n <= LARGEST)) {
    throw new ArgumentError('n', 'must be a whole number from 0 to 1e15');
  }
}
