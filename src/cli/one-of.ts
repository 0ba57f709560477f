import { didYouMean, quotedList } from '../files/closest-name.js';
import { UsageError } from './command.js';

/** The name that was given, if it is one of those there are. @throws UsageError */
export function oneOf<Name extends string>(option: string, given: string, names: readonly Name[]): Name {
  const name = names.find((one) => one === given);
  if (name === undefined) {
    throw new UsageError(
      `There is no ${option} "${given}".${didYouMean(given, names)} There are ${quotedList(names)}.`,
    );
  }
  return name;
}
