import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addEnrolment, type Cells, changeOutcomes } from '../../src/engagement/cells.js';
import type { EmailEvent } from '../../src/engagement/email-event.js';
import { eventKinds } from '../../src/engagement/kinds/registry.js';
import { messageFacts } from '../../src/engagement/message-facts.js';
import { outcomesOf } from '../../src/engagement/outcomes.js';
import type { EventType, Metric } from '../../src/experiments/experiment.js';

const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour));
const event = (type: EventType, hour: number, more: Partial<EmailEvent> = {}): EmailEvent => ({
  id: `${type}${hour}`,
  type,
  at: at(hour),
  ...more,
});

describe('what becomes of a message', () => {
  it('is the first time of each station, and a click implies an open', () => {
    const events = [
      event('clicked', 9, { class: 'human' }),
      event('opened', 12),
      event('sent', 1),
      event('sent', 2),
    ];
    const facts = { sentAt: at(1), clickedAt: at(9), openedAt: at(9), humanOpenedAt: at(9) };
    expect(messageFacts(events)).toEqual(facts);
  });

  it('tells opens by humans from opens by machines', () => {
    expect(
      messageFacts([event('opened', 1, { class: 'privacy_proxy' }), event('opened', 5, { class: 'human' })]),
    ).toEqual({
      openedAt: at(1),
      humanOpenedAt: at(5),
    });
  });

  it('does not take a refund for a conversion', () => {
    expect(messageFacts([event('converted', 3, { value: -500n })])).toEqual({});
    expect(messageFacts([event('converted', 3, { value: 0n })])).toEqual({ convertedAt: at(3) });
  });

  it('has one station of its own for each kind of event', () => {
    for (const [type, kind] of Object.entries(eventKinds)) {
      expect(kind.type).toBe(type);
      expect(kind.stations(event(kind.type, 0)).length).toBeGreaterThan(0);
    }
  });
});

describe('outcomes', () => {
  const metric = (type: Metric['type'], name: EventType, more: Partial<Metric> = {}): Metric => ({
    key: `${type}-${name}`,
    title: '',
    type,
    event: name,
    classes: ['human', 'unknown'],
    role: 'secondary',
    ...more,
  });
  const metrics = [
    metric('proportion', 'converted'),
    metric('mean', 'converted'),
    metric('money', 'converted'),
    metric('proportion', 'clicked'),
    metric('proportion', 'opened', { key: 'short', windowMs: 3_600_000 }),
  ];
  const outcomes = (events: EmailEvent[], sentAt: Date | undefined = at(0)) =>
    outcomesOf({ metrics, windowMs: 24 * 3_600_000 }, at(0), sentAt, events);

  it('are 0 or 1, a count, or minor units, and zeros are left out', () => {
    const events = [
      event('converted', 1, { value: 1999n }),
      event('converted', 2, { value: 1n }),
      event('converted', 3, { value: -500n }),
    ];
    expect(outcomes(events)).toEqual({
      'proportion-converted': 1n,
      'mean-converted': 2n,
      'money-converted': 1500n,
    });
    expect(outcomes([])).toEqual({});
  });

  it('count from the start of the window on, up to but not at its end', () => {
    expect(outcomes([event('clicked', 0)])).toEqual({ 'proportion-clicked': 1n });
    expect(outcomes([event('clicked', 23)])).toEqual({ 'proportion-clicked': 1n });
    expect(outcomes([event('clicked', 24)])).toEqual({});
    expect(outcomes([event('clicked', 3)], at(4))).toEqual({});
    expect(outcomes([event('opened', 0)])).toEqual({ short: 1n });
    expect(outcomes([event('opened', 1)])).toEqual({});
  });

  it('leave out clicks of scanners', () => {
    expect(outcomes([event('clicked', 1, { class: 'scanner' })])).toEqual({});
  });
});

describe('cells', () => {
  const place = { arm: 0, allocationVersion: 1, fold: 3, day: '2026-01-01', cohorts: { country: 'DE' } };

  it('hold everybody once, and once more in each cohort', () => {
    const cells: Cells = new Map();
    addEnrolment(cells, place, ['order']);
    changeOutcomes(cells, place, {}, { order: 3n });
    expect([...cells.values()].map(({ cohort, cohortValue, sums }) => ({ cohort, cohortValue, sums }))).toEqual(
      [['', ''], ['country', 'DE']].map(([cohort, cohortValue]) => ({
        cohort,
        cohortValue,
        sums: { n: 1n, nonZero: 1n, sum: 3n, sumSquares: 9n, sumCubes: 27n },
      })),
    ); // prettier-ignore
  });

  it('come to the same by any path of changes', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), { minLength: 1 }), (values) => {
        const cells: Cells = new Map();
        let before = 0n;
        for (const value of values) {
          changeOutcomes(cells, place, { m: before }, { m: value });
          before = value;
        }
        const direct: Cells = new Map();
        changeOutcomes(direct, place, {}, { m: before });
        const sums = (all: Cells) => all.get([...all.keys()][0] ?? '')?.sums;
        const zero = { n: 0n, nonZero: 0n, sum: 0n, sumSquares: 0n, sumCubes: 0n };
        expect(sums(cells) ?? zero).toEqual(sums(direct) ?? zero);
      }),
    );
  });
});
