import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownText } from '../../src/web/shown-text.js';
import { shownSpan, shownTime } from '../../src/web/shown-time.js';
import { drawLines } from '../../src/web/spark-line.js';

describe('text from outside', () => {
  it('has what cannot be seen written out, and everything else as it is', () => {
    expect(shownText('a\u202eb\u0000c\u200bd\ne')).toBe('a\\u202eb\\u0000c\\u200bd\\u000ae');
    expect(shownText('Grüße 👋 שלום <b>')).toBe('Grüße 👋 שלום <b>');
  });

  it('is cut by characters, never in the middle of one', () => {
    expect(shownText('👋👋👋👋', 3)).toBe('👋👋…');
    expect(shownText('👋👋👋', 3)).toBe('👋👋👋');
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 1, max: 100 }),
        (text, most) => {
          const shown = shownText(text, most);
          expect(shown.isWellFormed()).toBe(text.slice(0, 1_000).isWellFormed());
          expect(shown.length).toBeLessThanOrEqual(6 * most);
          // eslint-disable-next-line no-control-regex -- they may not come through
          expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
        },
      ),
    );
  });
});

describe('times', () => {
  it('are written for people', () => {
    expect(shownTime(new Date('2026-03-10T09:15:02.999Z'))).toBe('2026-03-10 09:15:02');
    for (const [seconds, text] of [
      [0, '0 s'],
      [0.2, '<1 s'],
      [45, '45 s'],
      [90, '1.5 min'],
      [600, '10 min'],
      [5_400, '1.5 h'],
      [86_400 * 12, '12 d'],
      [-150, '−2.5 min'],
      [-0.5, '−<1 s'],
    ] as const) {
      expect(shownSpan(seconds)).toBe(text);
    }
  });
});

describe('lines over days', () => {
  const write = (value: number | undefined): string => String(value);

  it('break where a day has no value, and show a day that stands alone as a dot', () => {
    const days = ['a', 'b', 'c', 'd'];
    const [line] = drawLines([{ title: 'arm', values: [0, 1, undefined, 1] }], { days, write });
    expect(line!.path).toBe('M4.0 60.0 L108.0 4.0 M316.0 4.0');
    expect(line!.dots).toEqual([{ x: '316.0', y: '4.0' }]);
    expect(line!.label).toBe('arm: 0 on a, 1 on d');
  });

  it('stay inside their box, whatever the values', () => {
    const value = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }), {
      nil: undefined,
    });
    fc.assert(
      fc.property(fc.array(fc.array(value, { minLength: 1, maxLength: 5 }), { maxLength: 4 }), (all) => {
        const days = Array.from({ length: 5 }, (_, i) => String(i));
        for (const { path, dots, label } of drawLines(
          all.map((values, i) => ({ title: `arm ${i}`, values })),
          { days, write },
        )) {
          expect(label).toMatch(/^arm \d: /);
          const numbers = [...path.matchAll(/[\d.-]+/g)]
            .map(Number)
            .concat(dots.flatMap(({ x, y }) => [Number(x), Number(y)]));
          for (const n of numbers) expect(n >= 0 && n <= 320).toBe(true);
        }
      }),
    );
  });
});
