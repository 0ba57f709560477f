import { readFileSync } from 'node:fs';

import { libraries } from './distribution-libraries.mjs';

const file = process.argv[2];
if (file === undefined) {
  console.error('Usage: node accuracy.mjs <grid.json>');
  process.exit(2);
}
/** Points `{dist, params, side, p, q, x, tail}`: P(X beyond x on that side) = tail, and the point with tail p is q. */
const grid = JSON.parse(readFileSync(file, 'utf8'));

const names = { norm: 'normal', t: 't', chi2: 'chi-squared', f: 'F', beta: 'beta' };
/** What a table of critical values holds, what a report of a large effect shows, and what ranking by p-value needs. */
const regions = [(p) => p >= 1e-3, (p) => p >= 1e-12 && p <= 1e-4, (p) => p <= 1e-16];
const kinds = [
  {
    name: 'upper tail',
    side: 'upper',
    ask: (of, { x, params }) => of.sf(x, ...params),
    truth: ({ tail }) => tail,
  },
  {
    name: 'lower tail',
    side: 'lower',
    ask: (of, { x, params }) => of.cdf(x, ...params),
    truth: ({ tail }) => tail,
  },
  {
    name: 'upper quantile',
    side: 'upper',
    ask: (of, { p, params }) => of.isf(p, ...params),
    truth: ({ q }) => q,
  },
  {
    name: 'lower quantile',
    side: 'lower',
    ask: (of, { p, params }) => of.quantile(p, ...params),
    truth: ({ q }) => q,
  },
];

console.log(`| function | shapes | ${libraries.map(({ name }) => name).join(' | ')} |`);
console.log(`| --- | --- | ${libraries.map(() => '---').join(' | ')} |`);
for (const dist of Object.keys(names)) {
  for (const { name, side, ask, truth } of kinds) {
    for (const large of [false, true]) {
      const points = grid.filter(
        (point) => point.dist === dist && point.side === side && isLarge(point) === large,
      );
      if (points.length === 0) continue;
      const cells = libraries.map((library) => cell(library[dist], points, ask, truth));
      const shapes = dist === 'norm' ? '' : large ? '1,000 and more' : 'below 1,000';
      console.log(`| ${names[dist]} ${name} | ${shapes} | ${cells.join(' | ')} |`);
    }
  }
}
console.log(
  `\nWorst relative error for p from 1e-3 up / 1e-12 to 1e-4 / 1e-290 to 1e-16, on ${grid.length} points. ` +
    'FAIL: half of the value or more, or no number.',
);

function isLarge({ params }) {
  return Math.max(0, ...params) >= 1000;
}

/** Worst errors by region. */
function cell(functions, points, ask, truth) {
  if (functions === undefined) return 'none';
  const errors = regions.map((holds) => {
    const worst = points
      .filter(({ p }) => holds(p))
      .map((point) => error(() => ask(functions, point), truth(point)))
      .reduce((a, b) => Math.max(a, b), 0);
    return worst < 0.5 ? worst.toExponential(0) : 'FAIL';
  });
  return errors.join(' / ');
}

function error(get, expected) {
  try {
    const got = get();
    if (got === expected) return 0;
    const relative = Math.abs(got - expected) / Math.abs(expected);
    return Number.isNaN(relative) ? Infinity : relative;
  } catch {
    return Infinity;
  }
}
