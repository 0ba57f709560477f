import type { DatabaseLog } from '../../src/database/open.js';

/** A log for tests: problems reach the console, the rest does not. */
export const testLog: DatabaseLog = {
  info: () => undefined,
  warn: (fields, message) => console.warn(message, fields),
  error: (fields, message) => console.error(message, fields),
};
