import { describe, expect, test } from 'vitest';
import { buildFunnel, addressed } from '../../src/reports/funnel.js';
import { decideFor } from '../../src/strategies/decide.js';
import type { Choice } from '../../src/strategies/strategy.js';

const nothing: Choice = { slots: {}, withheld: true, reason: 'nothing is worth sending', probability: 1 };
const asked = { slotNames: ['subject'], fallback: { subject: 'Hello' } };
const decided = (choice: Choice, mayWithhold?: boolean) =>
  decideFor(
    { ...asked, ...(mayWithhold !== undefined && { mayWithhold }), decide: () => choice },
    { traits: {}, history: [] },
    () => [],
    new Date(0),
  );

describe('a choice to send nothing', () => {
  test('is delivered as the strategy’s own where it was declared', () => {
    expect(decided(nothing, true)).toEqual({ delivered: 'strategy', ...nothing });
  });

  test.each([undefined, false])('is fallen back from where it was not (%s)', (mayWithhold) => {
    expect(decided(nothing, mayWithhold)).toMatchObject({
      delivered: 'fallback',
      slots: asked.fallback,
      fallbackReason: 'the strategy sends nothing, which it did not declare',
    });
  });

  test('sets no slots, and says why', () => {
    expect(decided({ ...nothing, slots: { subject: 'x' } }, true)).toMatchObject({
      fallbackReason: 'the strategy sends nothing and sets slots',
    });
    expect(decided({ ...nothing, reason: '' }, true)).toMatchObject({ delivered: 'fallback' });
  });

  test('does not excuse blank slots of another choice', () => {
    expect(decided({ slots: {}, reason: 'r', probability: 1 }, true)).toMatchObject({
      fallbackReason: 'slot subject was left out or blank',
    });
  });
});

describe('the funnel of an arm that sends nothing to some', () => {
  const arms = [
    { key: 'a', title: 'A' },
    { key: 'b', title: 'B' },
  ];
  const assigned = [1_000n, 1_000n];
  const stationsOf = (sent: readonly bigint[], withheld: readonly number[]) => [
    { station: 'assigned', recipients: assigned },
    ...addressed(assigned, withheld),
    { station: 'sent', recipients: sent },
  ];

  test('finds no fault in what was withheld by choice', () => {
    const funnel = buildFunnel(arms, stationsOf([1_000n, 600n], [0, 400]), [1, 1]);
    expect(funnel.findings).toEqual([]);
    expect(funnel.stations.map(({ station }) => station)).toEqual(['assigned', 'addressed', 'sent']);
    expect(funnel.edges.find(({ to }) => to === 'addressed')).toMatchObject({
      kind: 'outcome',
      uneven: true,
      text: expect.stringMatching(/chose to send nothing/),
    });
  });

  test('still finds a fault of the sending', () => {
    const funnel = buildFunnel(arms, stationsOf([1_000n, 500n], [0, 400]), [1, 1]);
    expect(funnel.findings).toEqual([expect.objectContaining({ severity: 'critical', blocksVerdict: true })]);
  });

  test('is as ever where nothing was withheld', () => {
    expect(addressed(assigned, [0, 0])).toEqual([]);
  });
});
