import type { EventLeaf, Leaf } from '../../profiles/conditions/condition.js';
import { parseWindow, spellWindow } from '../../profiles/conditions/window.js';

/** What a comparison looks at, without what it is compared with: `number of purchase within 30 days`. */
export function spellSubject(leaf: Leaf): string {
  if ('segment' in leaf) return `segment ${leaf.segment}`;
  if ('trait' in leaf) return leaf.trait;
  if ('feature' in leaf) return leaf.feature;
  const subject = {
    count: `number of ${leaf.event}`,
    sum: `sum of ${leaf.property ?? 'value'} of ${leaf.event}`,
    distinct: `number of different ${leaf.property ?? 'item'} of ${leaf.event}`,
    days_since_last: `days since the last ${leaf.event}`,
    days_since_first: `days since the first ${leaf.event}`,
  }[leaf.measure];
  return `${subject}${leaf.currency === undefined ? '' : ` in ${leaf.currency}`}${spellWithin(leaf)}`;
}

function spellWithin({ within }: EventLeaf): string {
  const window = within === undefined ? undefined : parseWindow(within);
  return window ? ` within ${spellWindow(window)}` : '';
}
