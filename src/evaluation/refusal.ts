/** What cannot be computed is refused as in `statistics/`; the rooms that evaluate take it from here. */
export { isRefusal, refuse } from '../statistics/result.js';
export type { OrRefusal, Refusal } from '../statistics/result.js';
