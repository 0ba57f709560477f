import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs, retryAfterMs } from '../../src/scorers/backoff.js';
import { Breaker } from '../../src/scorers/breaker.js';

const settings = { failures: 3, openMs: 1_000, mostOpenMs: 4_000 };

function opened(): Breaker {
  const breaker = new Breaker(settings);
  for (let i = 0; i < 3; i += 1) breaker.failedAt(0);
  return breaker;
}

describe('a breaker', () => {
  test('opens after failures one after the other, and only then', () => {
    const breaker = new Breaker(settings);
    breaker.failedAt(0);
    breaker.failedAt(0);
    breaker.succeeded();
    breaker.failedAt(0);
    breaker.failedAt(0);
    expect(breaker.state(0)).toBe('closed');
    breaker.failedAt(0);
    expect(breaker.state(999)).toBe('open');
    expect(breaker.mayCall(999)).toBe(false);
  });

  test('lets one call through when its time is over, whose end decides', () => {
    const breaker = opened();
    expect(breaker.state(1_000)).toBe('half_open');
    expect(breaker.mayCall(1_000)).toBe(true);
    expect(breaker.mayCall(1_000)).toBe(false);
    breaker.succeeded();
    expect(breaker.state(1_000)).toBe('closed');
    expect(breaker.mayCall(1_000)).toBe(true);
    expect(breaker.mayCall(1_000)).toBe(true);
  });

  test('stays open twice as long each time, up to a limit', () => {
    const breaker = opened();
    const opensFor: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      const at = breaker.until ?? NaN;
      expect(breaker.mayCall(at)).toBe(true);
      breaker.failedAt(at);
      opensFor.push((breaker.until ?? NaN) - at);
    }
    expect(opensFor).toEqual([2_000, 4_000, 4_000, 4_000]);
  });

  test('is not kept open longer by calls that were under way when it opened', () => {
    const breaker = opened();
    breaker.failedAt(900);
    expect(breaker.until).toBe(1_000);
  });

  test('lets another try where one said nothing', () => {
    const breaker = opened();
    expect(breaker.mayCall(1_000)).toBe(true);
    breaker.undecided();
    expect(breaker.mayCall(1_000)).toBe(true);
  });

  test('never lets more than one through while it is not closed, whatever happens', () => {
    const step = fc.record({ wait: fc.nat(3_000), ok: fc.boolean(), ends: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const breaker = opened();
        let now = 0;
        let trying = false;
        for (const { wait, ok, ends } of steps) {
          now += wait;
          const state = breaker.state(now);
          const may = breaker.mayCall(now);
          if (state === 'open') expect(may).toBe(false);
          if (state === 'half_open') expect(may).toBe(!trying);
          trying ||= may && state === 'half_open';
          if (!trying || !ends) continue;
          trying = false;
          if (ok) breaker.succeeded();
          else breaker.failedAt(now);
          expect(breaker.state(now)).toBe(ok ? 'closed' : 'open');
        }
      }),
    );
  });
});

describe('the wait before another attempt', () => {
  test('lies between nothing and twice as much each time, with chance all the way', () => {
    expect([0, 1, 2, 3].map((retry) => backoffMs(retry, 1))).toEqual([20, 40, 80, 160]);
    expect(backoffMs(3, 0)).toBe(0);
    expect(backoffMs(3, 0.5)).toBe(80);
    expect(backoffMs(60, 1)).toBe(1_000);
    expect(backoffMs(0, 0.5, 300)).toBe(310);
  });

  test.each([
    ['2', 2_000],
    [' 7 ', 7_000],
    ['Thu, 01 Jan 1970 00:00:05 GMT', 4_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', undefined],
    ['-1', undefined],
    ['2026', 2_026_000],
    [undefined, undefined],
  ])('reads Retry-After: %s', (header, expected) => {
    expect(retryAfterMs(header, 1_000)).toBe(expected);
  });
});
