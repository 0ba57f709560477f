import { expect, test } from 'vitest';
import { referencesIn, withPins } from '../../src/flows/pin-references.js';

const definition = {
  kind: 'rules',
  rules: [
    {
      id: 'a',
      when: { all: [{ segment: 'vip' }, { not: { segment: 'base@1' } }] },
      slots: { segment: 'Gold' },
    },
    { id: 'b', when: { segment: 'vip' }, slots: { content: 'plain', offer: { content: 'offer' } } },
    { id: 'c', when: { segment: 'vip' }, slots: { content: { content: 'offer' } } },
    { id: 'd', when: { segment: 'vip' }, slots: { content: 'just a text' } },
    { id: 'e', when: { segment: 'vip' }, slots: { slots: { content: 'offer' } } },
  ],
  default: { content: 'no reference either' },
  tests: [
    { traits: { segment: 'gold' }, expect: { rule: 'a', slots: { segment: 'Gold' } } },
    { events: [{ type: 'view', ago: '1d', properties: { segment: 'men' } }], expect: { rule: 'b' } },
  ],
};

test('a trait, a slot or a property that is called like a reference is none', () => {
  const paths = (kind: 'content' | 'segment') => referencesIn(definition, kind).map(({ path }) => path);
  expect(paths('segment')).toEqual([
    'rules[0].when.all[0]',
    'rules[0].when.all[1].not',
    'rules[1].when',
    'rules[2].when',
    'rules[3].when',
    'rules[4].when',
  ]);
  expect(paths('content')).toEqual([
    'rules[1].slots.offer',
    'rules[2].slots.content',
    'rules[4].slots.slots',
  ]);
});

test('pins replace the names and nothing else', () => {
  const pinned = withPins(definition, 'segment', new Map([['vip', 'vip@3'], ['gold', 'gold@1'], ['Gold', 'Gold@1']])); // prettier-ignore
  expect(JSON.stringify(pinned)).toBe(
    JSON.stringify(definition).replaceAll('"segment":"vip"', '"segment":"vip@3"'),
  );
  expect(withPins(definition, 'segment', new Map())).toEqual(definition);
});
