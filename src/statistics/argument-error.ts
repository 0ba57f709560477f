/**
 * Thrown when a function is called in a way that no data can excuse: a missing argument, degrees of freedom below zero.
 * Data that a method cannot use are refused instead (see `result.ts`).
 */
export class ArgumentError extends RangeError {
  override readonly name = 'ArgumentError';
  /** Name of the argument at fault. */
  readonly argument: string;

  constructor(argument: string, requirement: string) {
    super(`${argument} ${requirement}`);
    this.argument = argument;
  }
}
