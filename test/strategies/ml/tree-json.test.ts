import { describe, expect, test } from 'vitest';

import { treeFromJson } from '../../../src/strategies/ml/trees/tree-json.js';

describe('a tree from JSON', () => {
  const specs = [
    { name: 'x', type: 'number' },
    { name: 'c', type: 'category', categories: ['a', 'b'] },
  ] as const;
  const good = [[0, 1.5, 1, 0], 0.25, [1, [0], 3, 1], -1, 1];

  test('is read if it is whole', () => {
    expect(treeFromJson(good, specs, 'tree 0')).toHaveLength(5);
  });

  test.each([
    ['a way back', [[0, 1, 0, 0], 1, 2], /back/],
    ['a cycle', [[0, 1, 1, 0], [0, 1, 1, 0], 2], /back/],
    ['a way out of it', [[0, 1, 2, 0], 1, 2], /not there/],
    ['two ways to one node', [[0, 1, 1, 0], [0, 1, 3, 0], [0, 2, 3, 0], 1, 2], /another/],
    ['a node that cannot be reached', [1, 2, 3], /reached/],
    ['no nodes', [], /list of nodes/],
    ['no cut', [[0, null, 1, 0], 1, 2], /finite number/],
    ['a column that is not there', [[2, 1, 1, 0], 1, 2], /column/],
    ['a column that is no whole number', [[0.5, 1, 1, 0], 1, 2], /column/],
    ['a category that is not there', [[1, [2], 1, 0], 1, 2], /categories/],
    ['a number where categories are cut', [[1, 1, 1, 0], 1, 2], /categories/],
    ['no way for what is missing', [[0, 1, 1, 2], 1, 2], /missing/],
    ['a fork cut short', [[0, 1, 1], 1, 2], /number or/],
    ['a leaf without value', [[0, 1, 1, 0], 1, null], /number or/],
  ])('is refused with %s', (_, json, message) => {
    expect(() => treeFromJson(json, specs, 'tree 0')).toThrow(message);
  });
});
