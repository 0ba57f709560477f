/** What an array literal may hold without quotes; everything else is quoted. */
const plain = /^[\w:.+|%~@/-]+$/;
const special = /["\\]/g;

/**
 * A one-dimensional array as PostgreSQL reads it: `{a,"b c",NULL}`. The driver can do the same, three times as slowly and
 * with five times the garbage, which was a fifth of the work of recording events.
 */
export function arrayLiteral(values: readonly ArrayElement[]): string {
  let text = '{';
  for (let i = 0; i < values.length; i += 1) text += i > 0 ? `,${element(values[i])}` : element(values[i]);
  return `${text}}`;
}

export type ArrayElement = string | number | bigint | Date | null | undefined;

function element(value: ArrayElement): string {
  if (value === null || value === undefined) return 'NULL';
  if (value instanceof Date) return `"${value.toISOString()}"`;
  if (typeof value !== 'string') return String(value);
  return plain.test(value) && !isNull(value) ? value : `"${value.replace(special, '\\$&')}"`;
}

/** The bare word means no value, in any spelling. */
function isNull(text: string): boolean {
  return text.length === 4 && text.toLowerCase() === 'null';
}
