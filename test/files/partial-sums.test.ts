import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PartialSums } from '../../src/files/partial-sums.js';
import { addSums, emptySums, sumsOf } from '../../src/statistics/sums.js';

const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map(BigInt),
  fc.integer({ min: -140_000, max: 140_000 }).map(BigInt),
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
  fc.constantFrom(131_072n, -131_072n, 131_073n, BigInt(Number.MAX_SAFE_INTEGER)),
);

it('equals the direct sums, whatever the sizes and wherever it is rescaled', () => {
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 300 }),
      fc.nat({ max: 300 }),
      fc.nat({ max: 4 }),
      (ys, at, digits) => {
        const partial = new PartialSums();
        const scale = 10n ** BigInt(digits);
        let direct = emptySums;
        ys.forEach((y, i) => {
          if (i === at) partial.rescale(digits);
          partial.add(i >= at ? y * scale : Number.isSafeInteger(Number(y)) ? Number(y) : y);
          direct = addSums(direct, sumsOf(at < ys.length ? y * scale : y));
        });
        expect(partial.sums(ys.length)).toEqual(direct);
      },
    ),
  );
});

it('stays exact when a million large cubes pass through', () => {
  const partial = new PartialSums();
  for (let i = 0; i < 1_000_000; i++) partial.add(131_071);
  expect(partial.sums(1_000_000).sumCubes).toBe(131_071n ** 3n * 1_000_000n);
});
