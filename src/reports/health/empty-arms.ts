import { listText } from '../format.js';
import type { HealthCheck } from './context.js';

/** Arms of the design that nobody fell into. */
export const emptyArms: HealthCheck = {
  id: 'empty_arms',
  definition: 'Empty arms: arms of the design without a single recipient.',
  find({ input, recipients }) {
    const empty = input.arms.filter((arm, i) => recipients[i] === 0n && arm.weight !== 0);
    if (empty.length === 0) return undefined;
    const names = empty.map((arm) => arm.title);
    const shown = names.length > 8 ? [...names.slice(0, 8), `${names.length - 8} more`] : names;
    return {
      check: 'empty_arms',
      severity: 'warning',
      title: empty.length === 1 ? 'An arm is empty' : `${empty.length} arms are empty`,
      text: `Nobody is in ${listText(shown)}; nothing can be said about ${empty.length === 1 ? 'it' : 'them'}.`,
      evidence: { arms: empty.map((arm) => arm.key) },
    };
  },
};
