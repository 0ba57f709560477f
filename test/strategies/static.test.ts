import { describe, expect, test } from 'vitest';

import { staticKind } from '../../src/strategies/static.js';

const problemsOf = (slots: unknown, more: object = {}) => {
  const parsed = staticKind.parse({ kind: 'static', slots, ...more });
  return parsed.ok ? [] : parsed.problems.map(({ path }) => path);
};

describe('static', () => {
  test('delivers its slots to anyone', () => {
    const parsed = staticKind.parse({ kind: 'static', slots: { subject: 'Hello', banner_2: 'spring' } });
    expect(parsed).toEqual({
      ok: true,
      value: { kind: 'static', slots: { subject: 'Hello', banner_2: 'spring' } },
    });
    if (!parsed.ok) return;
    const parts = { learned: null, contents: new Map(), segments: new Map() };
    const { decide } = staticKind.prepare(parsed.value, parts);
    expect(decide({ traits: {}, history: [] }, () => [], new Date(0))).toEqual({
      slots: { subject: 'Hello', banner_2: 'spring' },
      reason: 'static',
      probability: 1,
    });
    expect(staticKind.slotNames(parsed.value)).toEqual(['subject', 'banner_2']);
  });

  test('says where a definition is wrong', () => {
    expect(problemsOf(undefined)).toEqual(['slots']);
    expect(problemsOf({})).toEqual(['slots']);
    expect(problemsOf({ subject: 3, Banner: 'x', '1st': 'y', ok: 'z' })).toEqual([
      'slots.subject',
      'slots.Banner',
      'slots["1st"]',
    ]);
    expect(problemsOf({ subject: 'x' }, { slot: 1 })).toEqual(['']);
    expect(problemsOf(Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`s${i}`, 'x'])))).toEqual([
      'slots',
    ]);
  });

  test('takes contents of the library, each as it is pinned', () => {
    const parsed = staticKind.parse({
      kind: 'static',
      slots: { subject: 'Hello', offer: { content: 'vip@2' } },
    });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(staticKind.references(parsed.value).contents).toEqual(['vip@2']);
    const parts = { learned: null, contents: new Map([['vip@2', '10 % off']]), segments: new Map() };
    expect(
      staticKind.prepare(parsed.value, parts).decide({ traits: {}, history: [] }, () => [], new Date(0)),
    ).toMatchObject({
      slots: { subject: 'Hello', offer: '10 % off' },
    });
    expect(
      problemsOf({ a: { content: 'Vip' }, b: { content: 'vip@0' }, c: { contents: 'vip' } }),
    ).toHaveLength(4);
  });

  test('takes slot names up to 64 and contents up to 20,000 characters', () => {
    expect(problemsOf({ ['s'.repeat(64)]: 'x'.repeat(20_000) })).toEqual([]);
    expect(problemsOf({ ['s'.repeat(65)]: 'x' })).toHaveLength(1);
    expect(problemsOf({ s: 'x'.repeat(20_001) })).toEqual(['slots.s']);
  });

  test('refuses what could not be stored or delivered', () => {
    expect(problemsOf({ a: ' \n', b: 'x\0', c: '\ud83d' })).toEqual(['slots.a', 'slots.b', 'slots.c']);
  });
});
