/** ISO 4217 currencies whose minor unit is not a hundredth; all others have two digits. */
const exponents: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0,
  VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
  CLF: 4, UYW: 4,
}; // prettier-ignore

/** Digits after the decimal point: 2 for EUR, 0 for JPY, 3 for KWD. */
export function currencyExponent(currency: string): number {
  return exponents[currency] ?? 2;
}

/** Most minor units that one amount may have, either way: below 2^53, so that caps and thresholds may be plain numbers. */
export const largestAmount = 10n ** 15n - 1n;

/**
 * An amount as written, in units of 10^-exponent: `"19.99"` with exponent 2 is `1999n`. Exact: never through a
 * double. Undefined when it is no plain decimal number, has more digits than the unit allows, or is beyond
 * `largestAmount`.
 */
export function parseAmount(text: string, exponent: number): bigint | undefined {
  const match = /^(-?)(\d{1,15})(?:\.(\d{1,12}))?$/.exec(text);
  if (!match) return undefined;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > exponent) return undefined;
  const units = BigInt((match[2] ?? '') + fraction.padEnd(exponent, '0'));
  if (units > largestAmount) return undefined;
  return match[1] === '-' ? -units : units;
}

/** The other way round, exact: `1999n` with exponent 2 is `"19.99"`. */
export function formatAmount(units: bigint, exponent: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(exponent + 1, '0');
  const sign = units < 0n ? '-' : '';
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** A rate as it is declared: plain decimal text, exact, above 0. */
export const ratePattern = /^(?=[\d.]*[1-9])\d{1,9}(?:\.\d{1,12})?$/;

/**
 * Minor units of one currency in minor units of another, at a rate in units of `to` for one unit of `from`. Exact, then
 * rounded once, half away from zero; so a refund is converted to exactly what its order was.
 */
export function convertMinorUnits(units: bigint, from: string, to: string, rate: string): bigint {
  if (!ratePattern.test(rate)) throw new Error(`"${rate}" is no exchange rate`);
  const [whole = '', fraction = ''] = rate.split('.');
  const above = units * BigInt(whole + fraction) * 10n ** BigInt(currencyExponent(to));
  const below = 10n ** BigInt(currencyExponent(from) + fraction.length);
  const size = above < 0n ? -above : above;
  const rounded = (2n * size + below) / (2n * below);
  return above < 0n ? -rounded : rounded;
}
