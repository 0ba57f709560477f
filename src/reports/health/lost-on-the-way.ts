import { funnelOf } from '../funnel-of.js';
import type { Finding } from '../report.js';
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
    if (worst) return input.interim === undefined ? worst : onItsWay(worst);
    const passed = funnel.edges.filter(({ kind, from }) => kind !== 'outcome' && from !== 'planned');
    if (passed.length === 0) return undefined;
    const evidence = { edges: passed.map(({ from, to, test }) => ({ from, to, test })) };
    const text = passed.map((edge) => edge.text).join(' ');
    return { check: id, severity: 'ok', title: 'No arm lost more than another on the way', text, evidence };
  },
};

/** While messages go out one arm may simply be ahead of another. */
function onItsWay({ blocksVerdict: _, ...finding }: Finding): Finding {
  const text = `${finding.text} While messages are still going out it may only be that one arm is ahead of another.`;
  return { ...finding, severity: 'warning', text };
}
