import { funnelOf } from '../funnel-of.js';
import type { HealthCheck } from './context.js';

const id = 'funnel';

/** Did an arm lose more recipients than another between the assignment and the mailbox? */
export const lostOnTheWay: HealthCheck = {
  id,
  definition:
    'Lost on the way: whether the arms lost unlike shares of their recipients from the assignment to sending and ' +
    'delivery (chi-square, corrected for the number of stations, p below 0.001). Before sending that is a fault, and no ' +
    'verdict is given; in delivery it warns. Differences in opens, clicks and conversions are outcomes, not losses.',
  find({ input, recipients }) {
    const funnel = funnelOf(input, recipients);
    if (!funnel) return undefined;
    const worst = funnel.findings.find((one) => one.blocksVerdict === true) ?? funnel.findings[0];
    if (worst) return worst;
    const passed = funnel.edges.filter(({ kind, from }) => kind !== 'outcome' && from !== 'planned');
    if (passed.length === 0) return undefined;
    const evidence = { edges: passed.map(({ from, to, test }) => ({ from, to, test })) };
    const text = passed.map((edge) => edge.text).join(' ');
    return { check: id, severity: 'ok', title: 'No arm lost recipients on the way', text, evidence };
  },
};
