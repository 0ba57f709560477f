import { badInput } from '../errors.js';

/** @throws bad_input `invalid_clock`. */
export function refuseFuture(clock: Date, now: Date): void {
  if (clock > now)
    throw badInput('invalid_clock', 'The clock lies ahead: nobody knows yet what will have happened.');
}
