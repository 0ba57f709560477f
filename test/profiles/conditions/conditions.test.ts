import fc from 'fast-check';
import { expect, test } from 'vitest';

import { canonicalJson } from '../../../src/strategies/content-hash.js';
import { conditionSchema } from '../../../src/profiles/conditions/parse-condition.js';
import { needsOfCondition, prepareCondition } from '../../../src/profiles/conditions/prepare-condition.js';
import { prepareOutlooks } from '../../../src/profiles/conditions/outlook.js';
import { traceCondition } from '../../../src/profiles/conditions/trace-condition.js';
import { anyCondition, anyMoment, segments } from './any-condition.js';
import { naiveVerdict } from './naive-condition.js';

test('any condition on any history says what the plainest reading says, and its trace says so too', () => {
  fc.assert(
    fc.property(anyCondition, anyMoment, (written, { profile, clock }) => {
      const condition = conditionSchema.parse(written);
      const expected = naiveVerdict(condition, segments, profile, clock);
      const prepared = prepareCondition(condition, segments);
      expect(prepared(profile, clock)).toBe(expected);
      expect(traceCondition(condition, segments, profile, clock).verdict).toBe(expected);
      // Asked again it answers from what it took down about the history.
      expect(prepared(profile, clock)).toBe(expected);
      expect(conditionSchema.parse(JSON.parse(canonicalJson(condition)))).toEqual(condition);
    }),
    { numRuns: 1_500, seed: 5 },
  );
});

test('no more of a history is needed than is asked for', () => {
  fc.assert(
    fc.property(anyCondition, anyMoment, (written, { profile, clock }) => {
      const condition = conditionSchema.parse(written);
      const { types, lookbackMs = Infinity } = needsOfCondition(condition, segments);
      const history = profile.history.filter(
        ({ type, at }) => types.includes(type) && at >= clock - lookbackMs && at < clock,
      );
      const prepared = prepareCondition(condition, segments);
      expect(prepared({ ...profile, history }, clock)).toBe(prepared(profile, clock));
    }),
    { numRuns: 400, seed: 8 },
  );
});

test('until the next change the verdict stays, and then it is another one', () => {
  fc.assert(
    fc.property(anyCondition, anyMoment, fc.array(fc.nat(1_000_000)), (written, moment, dots) => {
      const { profile, clock } = moment;
      const condition = conditionSchema.parse(written);
      const prepared = prepareCondition(condition, segments);
      const verdict = prepared(profile, clock);
      const [outlook] = prepareOutlooks([condition], segments)(profile, clock);
      expect(outlook?.holds).toBe(verdict);
      const next = outlook?.changesAt;
      if (next !== undefined) {
        expect(next).toBeGreaterThan(clock);
        expect(prepared(profile, next)).toBe(!verdict);
      }
      // Every event at every edge of every window, and some times more.
      const end = next ?? clock + 800 * 86_400_000;
      const edges = profile.history.flatMap(({ at }) =>
        [0, 1, 2, 28, 29, 30, 31, 32, 59, 60, 61, 62, 365, 366].flatMap((days) =>
          [-3_600_000, -1, 0, 1, 3_600_000].map((ms) => at + days * 86_400_000 + ms),
        ),
      );
      const times = [...edges, ...dots.map((dot) => clock + (dot / 1e6) * (end - clock)), end - 1];
      for (const time of times.map(Math.floor)) {
        if (time >= clock && time < end) expect([time, prepared(profile, time)]).toEqual([time, verdict]);
      }
    }),
    { numRuns: 250, seed: 9 },
  );
});

test.each([
  // [time zone, what happened, within, clock, what changes next]
  ['Europe/Vienna', '2026-06-10T22:00:00.000Z', '2d', '2026-06-12T10:00:00.000Z', '2026-06-12T22:00:00.001Z'],
  ['Europe/Vienna', '2026-06-10T21:59:59.999Z', '2d', '2026-06-12T10:00:00.000Z', '2026-06-12T22:00:00.000Z'],
  ['UTC', '2026-02-28T12:00:00.000Z', '1mo', '2026-03-27T00:00:00.000Z', '2026-03-28T12:00:00.001Z'],
  // It has left the window and comes back with the 29th, which is the 28th of February again.
  ['UTC', '2026-02-28T12:00:00.000Z', '1mo', '2026-03-28T13:00:00.000Z', '2026-03-29T00:00:00.000Z'],
  ['UTC', '2026-02-28T12:00:00.000Z', '1mo', '2026-03-31T00:00:00.000Z', '2026-03-31T12:00:00.001Z'],
  ['UTC', '2026-02-28T12:00:00.000Z', '1mo', '2026-04-01T00:00:00.000Z', undefined],
])('in %s what happened at %s within %s changes after %s at %s', (timezone, at, within, clock, expected) => {
  const profile = { traits: { timezone }, history: [{ id: 'e', type: 'view', at: Date.parse(at) }] };
  const condition = conditionSchema.parse({ event: 'view', within });
  const next = prepareOutlooks([condition], segments)(profile, Date.parse(clock))[0]?.changesAt;
  expect(next === undefined ? undefined : new Date(next).toISOString()).toBe(expected);
});
