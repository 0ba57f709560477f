import type { EventLeaf, Leaf, PropertyFilter, Scalar } from '../../profiles/conditions/condition.js';
import { parseWindow, spellWindow } from '../../profiles/conditions/window.js';
import type { Test } from './axes.js';

/** One comparison in words: `purchase more than 3 times within 30 days where category is shoes`. */
export function spellLeaf(leaf: Leaf): string {
  if ('segment' in leaf) return `in segment ${leaf.segment}`;
  if ('trait' in leaf) return `${leaf.trait} ${spellTest(leaf)}`;
  if ('feature' in leaf) return `${leaf.feature} ${spellTest(leaf)}`;
  return spellEvent(leaf);
}

/** What a leaf looks at, without what it is compared with: `number of purchase within 30 days`. */
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
  return `${subject}${inCurrency(leaf)}${circumstances(leaf)}`;
}

/** The second half of a comparison: `is at least 3`. */
export function spellTest(test: Test): string {
  switch (test.op) {
    case 'exists':
      return 'is known';
    case 'missing':
      return 'is unknown';
    case 'eq':
      return `is ${spellValue(test.value)}`;
    case 'ne':
      return `is known and not ${spellValue(test.value)}`;
    case 'in':
      return `is one of ${test.value.map(spellValue).join(', ')}`;
    case 'not_in':
      return `is known and none of ${test.value.map(spellValue).join(', ')}`;
    case 'between':
      return `is from ${test.value[0]} to ${test.value[1]}`;
    case 'within_last':
      return `lies within the last ${spellWithin(test.value)}`;
    default:
      return `${wordOf[test.op]} ${spellValue(test.value)}`;
  }
}

const wordOf = {
  gt: 'is more than',
  gte: 'is at least',
  lt: 'is less than',
  lte: 'is at most',
  contains: 'contains',
  starts_with: 'starts with',
  ends_with: 'ends with',
  matches: 'matches',
  before: 'is before',
  after: 'is after',
} as const;

const timesOf = {
  gt: (n: number) => `more than ${n} times`,
  gte: (n: number) => `at least ${n} times`,
  lt: (n: number) => `fewer than ${n} times`,
  lte: (n: number) => `at most ${n} times`,
  eq: (n: number) => (n === 0 ? 'not once' : `exactly ${n} times`),
  ne: (n: number) => `not exactly ${n} times`,
} as const;

function spellEvent(leaf: EventLeaf): string {
  if (leaf.measure !== 'count') return `${spellSubject(leaf)} ${spellTest(leaf)}`;
  const times =
    leaf.op === 'between' ? `${leaf.value[0]} to ${leaf.value[1]} times` : timesOf[leaf.op](leaf.value);
  return `${leaf.event} ${times}${circumstances(leaf)}`;
}

function inCurrency({ currency }: EventLeaf): string {
  return currency === undefined ? '' : ` in ${currency}`;
}

function circumstances({ within, where, classes }: EventLeaf): string {
  const window = within === undefined ? '' : ` within ${spellWithin(within)}`;
  const filters = where?.length ? ` where ${where.map(spellFilter).join(' and ')}` : '';
  return `${window}${classes ? ` by ${classes.join(' or ')}` : ''}${filters}`;
}

function spellFilter(filter: PropertyFilter): string {
  return `${filter.property} ${spellTest(filter)}`;
}

function spellWithin(text: string): string {
  const window = parseWindow(text);
  return window ? spellWindow(window) : text;
}

/** Texts in quotes only where they would be misread. */
function spellValue(value: Scalar): string {
  if (typeof value !== 'string') return String(value);
  return /^[\p{L}][\p{L}\p{N}_@. -]*$/u.test(value) && !/^(true|false)$/.test(value)
    ? value
    : JSON.stringify(value);
}
