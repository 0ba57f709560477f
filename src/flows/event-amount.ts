import type { IncomingEvent } from '../engagement/parse-event.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import { currencyExponent, parseAmount } from '../experiments/money.js';
import type { EventError } from './event-answer.js';

/** Digits that a JSON number carries without loss. */
const mostDigits = 15;

/** More than anybody ever paid, and exact as a double. */
const mostUnits = 10n ** 15n - 1n;

/**
 * The amount in minor units of its own currency, or what is wrong with it.
 *
 * @param experiment the one whose event it is; undefined for an event of a recipient alone, which may count in several.
 */
export function amountOf(
  event: IncomingEvent,
  experiment: Pick<StoredExperiment, 'key' | 'currency' | 'exchange'> | undefined,
): bigint | undefined | EventError {
  if (event.value === undefined || event.currency === undefined) return undefined;
  const foreign = experiment && currencyProblem(event.currency, experiment);
  if (foreign) return foreign;
  const exponent = currencyExponent(event.currency);
  const text = String(event.value);
  if (typeof event.value === 'number' && text.replace(/\D/g, '').length > mostDigits) {
    const message = 'a JSON number with so many digits is no longer exact; write the amount in quotes';
    return { code: 'invalid_amount', message, path: 'value' };
  }
  const units = parseAmount(text, exponent);
  if (units !== undefined && units <= mostUnits && units >= -mostUnits) return units;
  const digits =
    exponent === 0 ? 'without digits after the point' : `with at most ${exponent} digits after the point`;
  const message = `write an amount in ${event.currency} ${digits}, such as ${exponent ? '19.99' : '20'}, below 10^15 of its smallest unit`;
  return { code: 'invalid_amount', message, path: 'value' };
}

function currencyProblem(
  currency: string,
  experiment: Pick<StoredExperiment, 'key' | 'currency' | 'exchange'>,
): EventError | undefined {
  const { key, exchange } = experiment;
  if (experiment.currency === undefined) {
    const message = `"${key}" counts no money: it has no currency`;
    return { code: 'no_currency', message, path: 'value' };
  }
  if (currency === experiment.currency || (exchange && Object.hasOwn(exchange, currency))) return undefined;
  const message = `the currency of "${key}" is ${experiment.currency}, and it declares no exchange rate for ${currency}`;
  return { code: 'wrong_currency', message, path: 'currency' };
}
