import type {
  Condition,
  EventLeaf,
  NumberTest,
  PropertyFilter,
  Scalar,
  TraitLeaf,
  ValueTest,
} from '../conditions/condition.js';
import { isDateTest } from '../conditions/condition.js';
import { parseWindow, spellWindow } from '../conditions/window.js';
import { findFeature } from '../features/feature.js';

/** A condition as a sentence for people: `bought at least once within 7 days and country is AT`. */
export function conditionInWords(condition: Condition): string {
  return inWords(condition, 'none');
}

type Around = 'none' | 'all' | 'any' | 'not';

function inWords(condition: Condition, around: Around): string {
  if ('all' in condition) return group(condition.all, 'all', ' and ', around);
  if ('any' in condition) return group(condition.any, 'any', ' or ', around);
  if ('not' in condition) return `not (${inWords(condition.not, 'none')})`;
  if ('segment' in condition) return `is in ${condition.segment}`;
  if ('feature' in condition) {
    const title = findFeature(condition.feature)?.title ?? condition.feature;
    return `${title} ${testInWords(condition)}`;
  }
  return 'event' in condition ? eventInWords(condition) : traitInWords(condition);
}

function group(parts: readonly Condition[], kind: 'all' | 'any', word: string, around: Around): string {
  const text = parts.map((part) => inWords(part, kind)).join(word);
  return around === 'none' || around === kind || parts.length === 1 ? text : `(${text})`;
}

function traitInWords(leaf: TraitLeaf): string {
  if (!isDateTest(leaf)) return `${leaf.trait} ${testInWords(leaf)}`;
  if (leaf.op !== 'within_last') return `${leaf.trait} is ${leaf.op} ${leaf.value}`;
  return `${leaf.trait} lies within the last ${windowInWords(leaf.value)}`;
}

function testInWords(test: ValueTest): string {
  switch (test.op) {
    case 'exists':
      return 'is known';
    case 'missing':
      return 'is not known';
    case 'eq':
      return `is ${scalar(test.value)}`;
    case 'ne':
      return `is known and not ${scalar(test.value)}`;
    case 'in':
      return `is one of ${test.value.map(scalar).join(', ')}`;
    case 'not_in':
      return `is known and none of ${test.value.map(scalar).join(', ')}`;
    case 'contains':
      return `contains ${scalar(test.value)}`;
    case 'starts_with':
      return `starts with ${scalar(test.value)}`;
    case 'ends_with':
      return `ends with ${scalar(test.value)}`;
    case 'matches':
      return `matches ${scalar(test.value)}`;
    default:
      return `is ${boundInWords(test)}`;
  }
}

const orders = { gt: 'more than', gte: 'at least', lt: 'less than', lte: 'at most' } as const;

function boundInWords(
  test: NumberTest | Extract<ValueTest, { op: 'gt' | 'gte' | 'lt' | 'lte' | 'between' }>,
): string {
  if (test.op === 'between') return `from ${test.value[0]} to ${test.value[1]}`;
  if (test.op === 'eq') return `exactly ${test.value}`;
  return test.op === 'ne' ? `not ${test.value}` : `${orders[test.op]} ${test.value}`;
}

const did: Readonly<Record<string, string>> = {
  view: 'viewed', cart: 'put into the cart', click: 'clicked in the shop', purchase: 'bought', opened: 'opened a mail',
  clicked: 'clicked in a mail', converted: 'converted', sent: 'was sent a mail', delivered: 'had a mail delivered',
  unsubscribed: 'unsubscribed', complained: 'complained', bounced: 'had a mail bounce', refund: 'got money back',
  cancel: 'cancelled an order',
}; // prettier-ignore

function eventInWords(leaf: EventLeaf): string {
  const verb = did[leaf.event] ?? leaf.event;
  const by =
    leaf.classes && leaf.classes.join() !== 'human'
      ? ` (${leaf.classes.join(', ').replaceAll('_', ' ')})`
      : '';
  const where = (leaf.where ?? []).map(filterInWords).join(' and ');
  const what = `${verb}${by}${where === '' ? '' : ` with ${where}`}`;
  const within = leaf.within === undefined ? '' : ` within ${windowInWords(leaf.within)}`;
  switch (leaf.measure) {
    case 'count':
      return `${what} ${timesInWords(leaf)}${within}`;
    case 'distinct':
      return `${what}, ${boundInWords(leaf)} different ${leaf.property ?? ''}${within}`;
    case 'sum':
      return `${what}, ${leaf.property ?? ''} in all ${boundInWords(leaf)}${leaf.currency === undefined ? '' : ` ${leaf.currency}`}${within}`;
    case 'days_since_last':
      return `last ${what} ${boundInWords(leaf)} days ago${within}`;
    default:
      return `first ${what} ${boundInWords(leaf)} days ago${within}`;
  }
}

function timesInWords(leaf: NumberTest): string {
  if (leaf.op === 'gte' && leaf.value === 1) return 'at least once';
  if ((leaf.op === 'eq' || leaf.op === 'lte') && leaf.value === 0) return 'not once';
  const single = typeof leaf.value === 'number' && leaf.value === 1;
  return `${boundInWords(leaf)} ${single ? 'time' : 'times'}`;
}

function filterInWords({ property, ...test }: PropertyFilter): string {
  return `${property} ${testInWords(test)}`;
}

function windowInWords(text: string): string {
  const window = parseWindow(text);
  return window ? spellWindow(window) : text;
}

function scalar(value: Scalar): string {
  return typeof value === 'string' ? `“${value}”` : String(value);
}
