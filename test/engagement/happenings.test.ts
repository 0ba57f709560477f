import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../src/engagement/history.js';
import { inOrder } from '../../src/engagement/history.js';
import { factRules, factsOf } from '../../src/engagement/facts.js';
import { day, enrolledAt, experiment, happened, metric, ofMessage } from './build.js';

/** Orders, buyers by purchase, and money in euros, within 14 days of the send. */
const spring = experiment(
  [
    metric({ count: 'events' }),
    metric({ key: 'purchase', event: 'purchase', count: 'events' }),
    metric({ key: 'revenue', type: 'money', count: 'value' }),
    metric({ key: 'bought', type: 'money', event: 'purchase', count: 'value' }),
  ],
  { exchange: { USD: '0.92', JPY: '0.0061', KWD: '3.005' } },
);
const rules = factRules(spring);

/** Orders, purchases, cents of conversions, cents of purchases. */
function outcomes(...events: HistoryEvent[]): number[] {
  const forward = factsOf(rules, enrolledAt, inOrder(events)).y.map(Number);
  return forward;
}

const eur = (value: number) => ({ value, currency: 'EUR' });

describe('a void', () => {
  it('takes back the event that it names, whichever came first', () => {
    const order = happened('a', 'converted', 5, eur(1999));
    expect(outcomes(order)).toEqual([1, 0, 1999, 0]);
    expect(outcomes(order, happened('v', 'void', 6, { target: 'a' }))).toEqual([0, 0, 0, 0]);
    expect(outcomes(happened('v', 'void', 1, { target: 'a' }), order), 'dated before it').toEqual([
      0, 0, 0, 0,
    ]);
    expect(outcomes(order, happened('v', 'void', 9999, { target: 'a' })), 'long after the window').toEqual([
      0, 0, 0, 0,
    ]);
    expect(outcomes(order, happened('v', 'void', 6, { target: 'b' })), 'of another event').toEqual([
      1, 0, 1999, 0,
    ]);
  });

  it('takes back the send that opened the window', () => {
    const order = happened('a', 'converted', 15 * 24);
    const sent = ofMessage('s', 'sent', 5 * 24);
    expect(outcomes(order)[0]).toBe(0);
    expect(outcomes(order, sent)[0]).toBe(1);
    expect(outcomes(order, sent, ofMessage('v', 'void', 0, { target: 's' }))[0]).toBe(0);
  });

  it('takes back a refund or a cancellation, and one report of an order but not the others', () => {
    const order = happened('a', 'purchase', 5, { ...eur(1999), order: 'o' });
    const refund = happened('r', 'refund', 6, { ...eur(500), order: 'o' });
    const cancel = happened('c', 'cancel', 6, { order: 'o' });
    expect(outcomes(order, refund, happened('v', 'void', 7, { target: 'r' }))).toEqual([1, 1, 1999, 1999]);
    expect(outcomes(order, cancel, happened('v', 'void', 7, { target: 'c' }))).toEqual([1, 1, 1999, 1999]);
    const again = happened('b', 'purchase', 6, { ...eur(2500), order: 'o' });
    expect(outcomes(order, again, happened('v', 'void', 7, { target: 'a' }))).toEqual([1, 1, 2500, 2500]);
  });
});

describe('an order', () => {
  it('counts once by its order id, however often and as whatever it is reported', () => {
    const order = { order: 'o' };
    expect(outcomes(happened('a', 'converted', 5, order), happened('b', 'purchase', 6, order))).toEqual([
      1, 1, 0, 0,
    ]);
    expect(outcomes(happened('a', 'purchase', 5, order), happened('b', 'converted', 6, order))).toEqual([
      1, 1, 0, 0,
    ]);
    expect(outcomes(happened('a', 'converted', 5, order), happened('b', 'converted', 5, order))).toEqual([
      1, 0, 0, 0,
    ]);
    expect(
      outcomes(happened('a', 'purchase', 5, { order: 'o1' }), happened('b', 'purchase', 5, { order: 'o2' })),
    ).toEqual([2, 2, 0, 0]);
    expect(
      outcomes(happened('a', 'purchase', 5), happened('b', 'purchase', 5)),
      'without an id each is its own',
    ).toEqual([2, 2, 0, 0]);
  });

  it('takes from later reports what the first did not say, and nothing else', () => {
    const bare = happened('a', 'converted', 5, { order: 'o' });
    const priced = happened('b', 'purchase', 6, { ...eur(1999), order: 'o' });
    expect(outcomes(bare, priced)).toEqual([1, 1, 1999, 1999]);
    expect(outcomes(bare, priced, happened('c', 'purchase', 7, { ...eur(9999), order: 'o' }))).toEqual([
      1, 1, 1999, 1999,
    ]);
  });

  it('happens when it is first reported', () => {
    const [inside, outside] = [
      happened('a', 'purchase', 13 * 24, { order: 'o' }),
      happened('b', 'purchase', 20 * 24, { order: 'o' }),
    ];
    expect(outcomes(inside, outside)).toEqual([1, 1, 0, 0]);
    expect(outcomes(outside)).toEqual([0, 0, 0, 0]);
  });
});

describe('a cancelled order', () => {
  const order = happened('a', 'purchase', 5, { ...eur(1999), order: 'o' });

  it('does not count, nor do its refunds, whenever the cancellation is dated', () => {
    expect(outcomes(order, happened('c', 'cancel', 6, { order: 'o' }))).toEqual([0, 0, 0, 0]);
    expect(outcomes(order, happened('c', 'cancel', 1, { order: 'o' })), 'before its order').toEqual([
      0, 0, 0, 0,
    ]);
    expect(
      outcomes(
        order,
        happened('c', 'cancel', 6, { order: 'o' }),
        happened('r', 'refund', 7, { ...eur(1999), order: 'o' }),
      ),
    ).toEqual([0, 0, 0, 0]);
  });

  it('counts still where it was cancelled after the window', () => {
    const end = 14 * 24;
    expect(outcomes(order, happened('c', 'cancel', end, { order: 'o' }))).toEqual([1, 1, 1999, 1999]);
    expect(outcomes(order, happened('c', 'cancel', end - 1, { order: 'o' }))).toEqual([0, 0, 0, 0]);
    const twice = [happened('c', 'cancel', end, { order: 'o' }), happened('d', 'cancel', 7, { order: 'o' })];
    expect(outcomes(order, ...twice), 'the earlier of two cancellations').toEqual([0, 0, 0, 0]);
  });

  it('is no other order', () => {
    expect(outcomes(order, happened('c', 'cancel', 6, { order: 'other' }))).toEqual([1, 1, 1999, 1999]);
  });
});

describe('a refund', () => {
  const order = happened('a', 'purchase', 5, { ...eur(1999), order: 'o' });

  it('lowers the money of its order and leaves the order', () => {
    expect(outcomes(order, happened('r', 'refund', 6, { ...eur(500), order: 'o' }))).toEqual([
      1, 1, 1499, 1499,
    ]);
    expect(outcomes(order, happened('r', 'refund', 6, { order: 'o' })), 'all of it').toEqual([1, 1, 0, 0]);
    expect(outcomes(order, happened('r', 'refund', 2, { order: 'o' })), 'dated before it').toEqual([
      1, 1, 0, 0,
    ]);
    expect(
      outcomes(
        order,
        happened('r', 'refund', 6, { ...eur(500), order: 'o' }),
        happened('s', 'refund', 7, { ...eur(300), order: 'o' }),
      ),
    ).toEqual([1, 1, 1199, 1199]);
  });

  it('counts only inside the window of its order', () => {
    expect(outcomes(order, happened('r', 'refund', 14 * 24, { order: 'o' }))).toEqual([1, 1, 1999, 1999]);
    expect(outcomes(order, happened('r', 'refund', 14 * 24 - 1, { order: 'o' }))).toEqual([1, 1, 0, 0]);
    const sends = [ofMessage('s1', 'sent', 0), happened('s2', 'sent', 20 * 24, { wave: 'second' })];
    const late = happened('r', 'refund', 21 * 24, { order: 'o' });
    expect(outcomes(...sends, order, late), 'the window of another send is another window').toEqual([
      1, 1, 1999, 1999,
    ]);
  });

  it('of an order that was never reported, or whose value nobody knows, is nothing', () => {
    expect(outcomes(happened('r', 'refund', 6, { ...eur(500), order: 'x' }))).toEqual([0, 0, 0, 0]);
    expect(outcomes(happened('r', 'refund', 6, { order: 'x' }))).toEqual([0, 0, 0, 0]);
    expect(
      outcomes(happened('a', 'purchase', 5, { order: 'o' }), happened('r', 'refund', 6, { order: 'o' })),
    ).toEqual([1, 1, 0, 0]);
  });

  it('of an order outside the window is nothing, even inside it', () => {
    const before = happened('a', 'purchase', -48, { ...eur(1999), order: 'o' });
    expect(outcomes(before, happened('r', 'refund', 6, { order: 'o' }))).toEqual([0, 0, 0, 0]);
  });

  it('without an order lowers the money there is, below nothing if need be', () => {
    expect(outcomes(order, happened('r', 'refund', 6, eur(500)))).toEqual([1, 1, 1499, 1499]);
    expect(outcomes(happened('r', 'refund', 6, eur(500)))).toEqual([0, 0, -500, -500]);
    expect(outcomes(happened('r', 'refund', -6, eur(500))), 'before the window').toEqual([0, 0, 0, 0]);
  });

  it('may be written as a conversion below zero, which is no conversion', () => {
    expect(
      outcomes(happened('a', 'converted', 5, eur(1999)), happened('n', 'converted', 6, eur(-500))),
    ).toEqual([1, 0, 1499, -500]);
    expect(outcomes(happened('n', 'purchase', 6, eur(-500)))).toEqual([0, 0, -500, -500]);
    expect(outcomes(order, happened('n', 'purchase', 6, { ...eur(-1999), order: 'o' }))).toEqual([
      1, 1, 0, 0,
    ]);
  });
});

describe('money', () => {
  const cents = (value: number, currency: string) =>
    outcomes(happened('a', 'converted', 5, { value, currency }))[2];

  it('is converted from minor units to minor units at the declared rate, rounded half away from zero', () => {
    expect(cents(1999, 'USD'), '19.99 USD at 0.92 is 18.3908 EUR').toBe(1839);
    expect(cents(1250, 'JPY'), 'yen have no cents: 1250 at 0.0061 is 7.625 EUR').toBe(763);
    expect(cents(1500, 'KWD'), 'dinars have 1000 fils: 1.500 at 3.005 is 4.5075 EUR').toBe(451);
    expect(cents(1, 'JPY'), '0.0061 EUR').toBe(1);
    expect(cents(-1250, 'JPY')).toBe(-763);
    expect(cents(0, 'USD')).toBe(0);
  });

  it('in a currency without a rate is no money, but the order is an order', () => {
    for (const currency of ['GBP', 'constructor', '__proto__']) {
      expect(outcomes(happened('a', 'purchase', 5, { value: 100, currency }))).toEqual([1, 1, 0, 0]);
      expect(outcomes(happened('r', 'refund', 5, { value: 100, currency }))).toEqual([0, 0, 0, 0]);
    }
  });

  it('that went back is exactly what came in', () => {
    const order = happened('a', 'purchase', 5, { value: 1999, currency: 'USD', order: 'o' });
    expect(outcomes(order, happened('r', 'refund', 6, { value: 1999, currency: 'USD', order: 'o' }))).toEqual(
      [1, 1, 0, 0],
    );
    expect(outcomes(order, happened('r', 'refund', 6, { order: 'o' }))).toEqual([1, 1, 0, 0]);
  });

  it('is nothing in an experiment that counts none', () => {
    const plain = factRules(
      experiment([metric(), metric({ key: 'r', type: 'money', count: 'value' })], { currency: undefined }),
    );
    expect(factsOf(plain, enrolledAt, [happened('a', 'converted', 5, eur(100))]).y.map(Number)).toEqual([
      1, 0,
    ]);
  });
});

it('the order of two reports is that of their times, not of their arrival', () => {
  const early = happened('z', 'purchase', 5, { ...eur(100), order: 'o' });
  const late = happened('a', 'purchase', 6, { ...eur(200), order: 'o' });
  expect(outcomes(late, early)).toEqual(outcomes(early, late));
  expect(outcomes(late, early)[2]).toBe(100);
  expect(day).toBe(86_400_000);
});
