import { expect, it } from 'vitest';
import { armWeights } from '../../src/reports/arm-weights.js';

const arms = ['A', 'A=1', 'A=1,B', 'B', 'Mens, warm'];

function read(...specs: string[]): unknown {
  const result = armWeights(specs, arms);
  return 'problem' in result ? result.problem : Object.fromEntries(result.weights);
}

it('reads equal, lists and repeats, with commas and equals signs in names', () => {
  const all = { A: 1, 'A=1': 2, 'A=1,B': 3, B: 4, 'Mens, warm': 5 };
  expect(read('equal')).toEqual({ A: 1, 'A=1': 1, 'A=1,B': 1, B: 1, 'Mens, warm': 1 });
  expect(read('A=1,A=1=2,A=1,B=3,B=4,Mens, warm=5')).not.toEqual(expect.any(String));
  expect(read('A=1', 'A=1=2', 'A=1,B=3', 'B=4', 'Mens, warm=5')).not.toEqual(expect.any(String));
  expect(read('Mens, warm=5,B=4,A=1,B=3,A=1=2,A=1')).toEqual(all);
});

it('says what is wrong', () => {
  expect(read('A=1')).toMatch(/have no weight: "A=1", "A=1,B", "B", "Mens, warm"/);
  expect(read('nonsense')).toMatch(/cannot be read/);
  expect(read('A=-1')).toMatch(/"-1" cannot be read as a weight/);
  expect(read('A=1,B=.5')).toMatch(
    /^"B=\.5": "\.5" cannot be read as a weight\. A weight is a whole or decimal number/,
  );
  expect(read('B=50%')).toMatch(/"50%" cannot be read as a weight/);
  expect(read('B=1', 'B=2')).toMatch(/"B" has two weights/);
  expect(read('A=0', 'A=1=0', 'A=1,B=0', 'B=0', 'Mens, warm=0')).toMatch(/above zero/);
});

it('takes equal alone for the word, also where an arm has that name', () => {
  const named = (...specs: string[]): unknown => armWeights(specs, ['equal', 'B']);
  expect(named('equal')).toEqual({ weights: new Map([['equal', 1], ['B', 1]]) }); // prettier-ignore
  expect(named('equal=2,B=1')).toEqual({ weights: new Map([['equal', 2], ['B', 1]]) }); // prettier-ignore
});
