const ordinary = [
  { successes: 100n, n: 1000n },
  { successes: 120n, n: 1000n },
] as const;
const few = [
  { successes: 0n, n: 10n },
  { successes: 2n, n: 12n },
] as const;
const uniform = { a: 1, b: 1 };
const jeffreys = { a: 0.5, b: 0.5 };

export const bayesSpecimens: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'bayes.beta_binomial': [
    [...ordinary, uniform, 0.95],
    [...few, jeffreys, 0.9],
  ],
  'bayes.beta_binomial_multi': [
    [[...ordinary, { successes: 110n, n: 1000n }], uniform],
    [few, jeffreys],
  ],
  'bayes.uplift': [
    [...ordinary, uniform, 0.95],
    [...few, jeffreys, 0.9],
  ],
  'bayes.normal': [[{ mean: 0, sd: 0.1 }, { value: 0.03, se: 0.02 }, 0.95]],
  'bayes.prior_from_rate': [[{ successes: 300n, n: 10000n }, 50]],
  'bayes.prior_from_tests': [
    [Array.from({ length: 24 }, (_, i) => ({ value: 0.05 * Math.sin(i), se: 0.01 + 0.001 * i }))],
  ],
};
