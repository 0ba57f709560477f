/**
 * A message id as it is given out: the id itself, known by its code under the workspace key, and after a point the number
 * of the enrolment, which leads to its row without a search. The number is a hint: the code alone says whose message it is,
 * and a wrong or missing number costs time, not truth.
 */
export function withHint(messageId: string, enrolment: string): string {
  return `${messageId}.${Number(enrolment).toString(36)}`;
}

export interface MessageAddress {
  readonly messageId: string;
  /** Number of the enrolment, where the id hints at one. */
  readonly hint?: number;
}

export function readAddress(given: string): MessageAddress {
  const at = given.lastIndexOf('.');
  if (at < 0) return { messageId: given };
  const hint = /^[0-9a-z]{1,10}$/.test(given.slice(at + 1)) ? parseInt(given.slice(at + 1), 36) : NaN;
  return Number.isSafeInteger(hint) ? { messageId: given.slice(0, at), hint } : { messageId: given };
}
