import { ArgumentError } from '../argument-error.js';

export function requireNumber(argument: string, value: number): void {
  if (Number.isNaN(value)) throw new ArgumentError(argument, 'must be a number');
}

export function requirePositive(argument: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new ArgumentError(argument, 'must be a finite number above 0');
}

/** As for a shape whose limit at Infinity is a distribution too. */
export function requireAboveZero(argument: string, value: number): void {
  if (!(value > 0)) throw new ArgumentError(argument, 'must be above 0');
}

export function requireProbability(value: number): void {
  if (!(value >= 0 && value <= 1)) throw new ArgumentError('p', 'must be a probability from 0 to 1');
}

export function requireNonNegative(argument: string, value: number): void {
  if (!(value >= 0 && value < Infinity))
    throw new ArgumentError(argument, 'must be a finite number from 0 on');
}

export function requireFinite(argument: string, value: number): void {
  if (!Number.isFinite(value)) throw new ArgumentError(argument, 'must be a finite number');
}

export function requireTrials(n: number): void {
  if (!(Number.isInteger(n) && n >= 0 && n <= 1e15))
    throw new ArgumentError('n', 'must be a whole number from 0 to 1e15');
}
