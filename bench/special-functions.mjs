import { libraries } from './distribution-libraries.mjs';
import { interleavedRates, median } from './rounds.mjs';

const rounds = 9;
const aim = 1 / 3;

/** Statistics, probabilities and degrees of freedom as they come up in a report. */
const statistics = [0.3, 0.8, 1.2, 1.7, 1.96, 2.3, 2.6, 3.1, 3.9];
const probabilities = [0.4, 0.2, 0.1, 0.05, 0.025, 0.01, 0.001];
const functions = [
  { dist: 'norm', name: 'normal', xs: statistics, shapes: [[]] },
  { dist: 't', name: 't', xs: statistics, shapes: [[5], [20], [87.3], [1500]] },
  { dist: 'chi2', name: 'chi-squared', xs: statistics.map((z) => z * z), shapes: [[1], [3], [7]] },
  { dist: 'f', name: 'F', xs: statistics, shapes: [[1, 40], [3, 90], [4.5, 600]] }, // prettier-ignore
  { dist: 'beta', name: 'beta', xs: [0.02, 0.04, 0.1, 0.3], shapes: [[2, 50], [8, 93], [0.5, 0.5], [30, 70]] }, // prettier-ignore
];

const [, ...others] = libraries;
console.log(`| function | calls/s of Postulate | ${others.map(({ name }) => `x ${name}`).join(' | ')} |`);
console.log(`| --- | ---: | ${others.map(() => '---:').join(' | ')} |`);
const slow = [];
for (const { dist, name, xs, shapes } of functions) {
  for (const [kind, firsts] of [
    ['sf', xs],
    ['isf', probabilities],
  ]) {
    // prettier-ignore
    const inputs = firsts.flatMap((first) => shapes.map((shape) => [first, ...shape]));
    const present = libraries.filter((library) => library[dist] !== undefined);
    const contenders = present.map((library) => ({ armOf: spread(library[dist][kind], shapes[0].length) }));
    const rates = interleavedRates(contenders, inputs, rounds);
    // Compared round by round, where both met the same moment of the machine.
    const ratios = others.map((library) => {
      const at = present.indexOf(library);
      return at < 0 ? undefined : median(rates[0].map((rate, round) => rate / rates[at][round]));
    });
    const label = `${name} ${kind === 'sf' ? 'upper tail' : 'upper quantile'}`;
    if (ratios[0] < aim) slow.push(label);
    const cells = ratios.map((ratio) => ratio?.toFixed(2) ?? 'none');
    console.log(`| ${label} | ${(median(rates[0]) / 1e6).toFixed(2)} M | ${cells.join(' | ')} |`);
  }
}
console.log(
  `\nMedians of ${rounds} interleaved rounds, one thread, Node ${process.version}. Above 1 Postulate is faster.`,
);
if (slow.length > 0) {
  console.error(`more than three times slower than jstat: ${slow.join(', ')}`);
  process.exitCode = 1;
}

/** The arguments of a call are one array, as every contender of a benchmark takes one value. */
function spread(call, shapes) {
  if (shapes === 0) return ([x]) => call(x);
  return shapes === 1 ? ([x, a]) => call(x, a) : ([x, a, b]) => call(x, a, b);
}
