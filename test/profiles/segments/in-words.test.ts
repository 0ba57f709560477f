import { describe, expect, it } from 'vitest';
import { conditionInWords } from '../../../src/profiles/segments/in-words.js';
import { parseSegment } from '../../../src/profiles/segments/segment.js';

function wordsOf(when: unknown): string {
  const parsed = parseSegment({ name: 'a', when });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return conditionInWords(parsed.value.when);
}

describe('a condition in words', () => {
  it.each([
    [{ event: 'purchase', within: '7d' }, 'bought at least once within 7 days'],
    [{ event: 'purchase', op: 'more_than', value: 3, within: '1mo' }, 'bought more than 3 times within 1 month'],
    [{ event: 'purchase', op: 'eq', value: 0 }, 'bought not once'],
    [
      { event: 'purchase', measure: 'sum', property: 'value', currency: 'USD', op: 'gt', value: 500, within: '3mo' },
      'bought, value in all more than 500 USD within 3 months',
    ],
    [{ event: 'purchase', measure: 'days_since_last', op: 'gt', value: 60 }, 'last bought more than 60 days ago'],
    [
      { event: 'view', where: [{ property: 'category', op: 'eq', value: 'shoes' }], measure: 'distinct', property: 'item', op: 'gte', value: 2 },
      'viewed with category is “shoes”, at least 2 different item',
    ],
    [{ event: 'opened', classes: ['human', 'unknown'] }, 'opened a mail (human, unknown) at least once'],
    [{ feature: 'recency_days', op: 'lt', value: 30 }, 'days since the last purchase is less than 30'],
    [{ trait: 'country', op: 'in', value: ['AT', 'DE'] }, 'country is one of “AT”, “DE”'],
    [{ trait: 'plan', op: 'missing' }, 'plan is not known'],
    [{ trait: 'joined', op: 'within_last', value: '30d' }, 'joined lies within the last 30 days'],
    [
      { all: [{ any: [{ trait: 'a', op: 'exists' }, { segment: 'b@2' }] }, { not: { trait: 'c', op: 'ne', value: 1 } }] },
      '(a is known or is in b@2) and not (c is known and not 1)',
    ],
  ])('%j', (when, words) => {
    expect(wordsOf(when)).toBe(words);
  }); // prettier-ignore
});
