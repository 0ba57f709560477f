import { describe, expect, it } from 'vitest';
import {
  expectedTraits,
  judgeQuality,
  type QualityCounts,
  usualThresholds,
} from '../../src/profiles/quality.js';

const rule = {
  id: 'r',
  title: 'Rule',
  of: 'things',
  checked: 100,
  violations: 2,
  samples: ['k'],
  threshold: 0.02,
};
const counts: QualityCounts = {
  profiles: 10,
  traits: [
    { trait: 'country', known: 10 },
    { trait: 'plan', known: 4 },
  ],
  expected: ['country', 'email'],
  incomplete: 2,
  refused: [
    { kind: 'profiles', code: 'invalid_format', path: 'traits.email', n: 60 },
    { kind: 'events', code: 'invalid_event', path: '', n: 40 },
  ],
  rules: [rule],
};

describe('expectedTraits', () => {
  const traits = [
    { trait: 'a', known: 10 },
    { trait: 'b', known: 5 },
    { trait: 'c', known: 4 },
  ];
  it('are those that half of the profiles have', () => {
    expect(expectedTraits(10, traits)).toEqual(['a', 'b']);
    expect(expectedTraits(0, [])).toEqual([]);
  });
  it('are those that are named, where they are', () => {
    expect(expectedTraits(10, traits, ['email', 'c', 'c'])).toEqual(['email', 'c']);
    expect(expectedTraits(10, traits, [])).toEqual([]);
  });
});

describe('judgeQuality', () => {
  it('finds nothing at the thresholds', () => {
    const report = judgeQuality(counts, usualThresholds);
    expect(report.findings).toEqual([]);
    expect(report.completeness).toMatchObject({ share: 0.2, past: false });
    expect(report.completeness.traits).toEqual([
      { trait: 'country', known: 10, share: 1, expected: true },
      { trait: 'plan', known: 4, share: 0.4, expected: false },
      { trait: 'email', known: 0, share: 0, expected: true },
    ]);
    expect(report.format).toMatchObject({ refused: 100, past: false });
    expect(report.consistency).toMatchObject([{ id: 'r', share: 0.02, past: false }]);
  });

  it('says in a sentence what is just past them', () => {
    const worse = {
      ...counts,
      incomplete: 3,
      refused: [...counts.refused, { kind: 'items', code: 'x', path: '', n: 1 }],
      rules: [{ ...rule, violations: 3 }],
    };
    expect(judgeQuality(worse, usualThresholds).findings).toEqual([
      '3 of 10 profiles are incomplete, more than 20 %: they lack one of country, email.',
      '101 rows were refused, more than 100.',
      'Rule: 3 of 100 things, more than 2 %.',
    ]);
  });

  it('takes other thresholds, and one for all rules', () => {
    const report = judgeQuality(counts, { maxIncomplete: 0.1, maxRefused: 0, maxInconsistent: 0.001 });
    expect(report.findings).toHaveLength(3);
    expect(report.findings[2]).toContain('0.1 %');
  });

  it('has no share of nothing, and nothing to find in it', () => {
    const empty = {
      profiles: 0,
      traits: [],
      expected: ['email'],
      incomplete: 0,
      refused: [],
      rules: [{ ...rule, checked: 0, violations: 0, threshold: 0 }],
    };
    const report = judgeQuality(empty, { maxIncomplete: 0, maxRefused: 0 });
    expect(report.findings).toEqual([]);
    expect(report.completeness).not.toHaveProperty('share');
    expect(report.consistency[0]).not.toHaveProperty('share');
  });
});
