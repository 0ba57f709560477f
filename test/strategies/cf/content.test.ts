import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { attributesOf } from '../../../src/strategies/cf/attributes.js';
import { Content } from '../../../src/strategies/cf/content.js';
import { attributesOf as attributesOfItem } from '../../../src/strategies/cf/item-attributes.js';
import { tasteOf } from '../../conformance/recommender.js';

describe('what is known of items', () => {
  // Red: ln(4 / 2), wool: ln(4 / 1), sale: ln(4 / 4) = 0, so that what all have says nothing.
  const content = new Content([['red', 'sale'], ['red', 'wool', 'sale'], ['sale'], ['sale', 'blue']]);
  const [red, wool] = [Math.log(2), Math.log(4)];

  test('is compared by the cosine of attributes, the rarer the heavier', () => {
    const scores = content.score(tasteOf([0]));
    expect(scores[0]).toBeCloseTo(1, 12);
    expect(scores[1]).toBeCloseTo(red / Math.hypot(red, wool), 12);
    expect([...scores.slice(2)]).toEqual([0, 0]);
    expect([...content.score(tasteOf([2]))]).toEqual([0, 0, 0, 0]);
    expect([...content.score(tasteOf([]))]).toEqual([0, 0, 0, 0]);
  });

  test('says what is shared, the most telling first', () => {
    expect(content.shared(tasteOf([1]), 1, 5).map(({ id }) => id)).toEqual(['wool', 'red', 'sale']);
    expect(content.shared(tasteOf([0]), 1, 1)).toEqual([
      { id: 'red', part: expect.closeTo(red, 12) as number },
    ]);
    expect(content.shared(tasteOf([0]), 99, 5)).toEqual([]);
  });

  test('is from 0 to 1 for any attributes and tastes, 1 for an item alone in the taste that says anything', () => {
    const words = fc.subarray(['a', 'b', 'c', 'd', '__proto__', '']);
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 8 }), fc.nat(7), (lists, at) => {
        const any = new Content(lists);
        const place = at % lists.length;
        const scores = any.score(tasteOf([place], [3]));
        for (const score of scores) expect(score >= 0 && score <= 1 + 1e-12).toBe(true);
        const says = lists[place]!.some((word) => !lists.every((list) => list.includes(word)));
        expect(scores[place]).toBeCloseTo(says ? 1 : 0, 12);
      }),
    );
  });
});

describe('attributes of a file', () => {
  test('are words divided by |, each once and in order; nothing where nothing is known', () => {
    const lists = attributesOf([
      { name: 'genre', values: ['Comedy|Drama', ' Drama | | Drama', ''] },
      { name: 'year', values: ['1999', '2001', '1999'] },
    ]);
    expect(lists).toEqual([
      ['genre:Comedy', 'genre:Drama', 'year:1999'],
      ['genre:Drama', 'year:2001'],
      ['year:1999'],
    ]);
    expect(attributesOf([])).toEqual([]);
  });

  test('are five tiers of about as many items where numbers have many values', () => {
    const values = [...Array.from({ length: 50 }, (_, i) => String(i * 1.5)), ''];
    const lists = attributesOf([{ name: 'price', values }]);
    const sizes = [1, 2, 3, 4, 5].map((tier) => lists.filter(([one]) => one === `price:tier ${tier}`).length);
    expect(sizes).toEqual([10, 10, 10, 10, 10]);
    expect([lists[0], lists[49], lists[50]]).toEqual([['price:tier 1'], ['price:tier 5'], []]);
    const few = attributesOf([{ name: 'size', values: values.map((_, i) => String(i % 3)) }]);
    expect(few[4]).toEqual(['size:1']);
  });
});

describe('attributes of an item of the catalogue', () => {
  test('are its category, tier and short words of its own, not its numbers, texts and addresses', () => {
    const attributes = {
      ...{
        colour: 'red',
        season: ['spring', 'summer', 'spring'],
        genre: 'Comedy| Drama |',
        stock: 7,
        isNew: true,
      },
      ...{ text: 'x'.repeat(65), image: 'https://shop.example/a.png', none: null, empty: '' },
    };
    const item = { id: 'a', category: 'shoes', priceTier: 2, attributes } as never;
    expect(attributesOfItem(item)).toEqual([
      ...[
        'category:shoes',
        'tier:2',
        'colour:red',
        'season:spring',
        'season:summer',
        'genre:Comedy',
        'genre:Drama',
        'isNew:true',
      ],
    ]);
    expect(attributesOfItem(undefined)).toEqual([]);
    const many = Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`a${i}`, 'x']));
    expect(attributesOfItem({ id: 'a', attributes: many })).toHaveLength(50);
  });
});
