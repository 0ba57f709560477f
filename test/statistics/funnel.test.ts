import { describe, expect, it } from 'vitest';
import { pearson } from '../../src/statistics/proportions/pearson.js';
import { funnelEdges, type FunnelStage } from '../../src/statistics/srm/funnel.js';
import { codeOf, must } from './arbitrary.js';

describe('funnel', () => {
  const stage = (name: string, ...recipients: bigint[]): FunnelStage => ({ name, recipients });
  const stages = [
    stage('assigned', 5000n, 5000n, 5000n),
    stage('sent', 4990n, 4991n, 4989n),
    stage('delivered', 4900n, 4905n, 4700n),
  ];

  it('tests on each edge whether the arms keep the same share', () => {
    const { edges } = must(funnelEdges(stages));
    expect(edges.map(({ from, to }) => [from, to])).toEqual([
      ['assigned', 'sent'],
      ['sent', 'delivered'],
    ]);
    const second = must(edges[1]!.test);
    const alone = must(
      pearson([
        { successes: 4900n, n: 4990n },
        { successes: 4905n, n: 4991n },
        { successes: 4700n, n: 4989n },
      ]),
    );
    expect(second.p).toBe(alone.p);
    expect(second.pHolm / alone.p).toBeCloseTo(2, 12);
    expect(must(edges[0]!.test).p).toBeGreaterThan(0.5);
    expect(edges[0]!.kept).toEqual([0.998, 0.9982, 0.9978]);
  });

  it('does not heed the order of the arms', () => {
    const reversed = stages.map(({ name, recipients }) => stage(name, ...recipients.toReversed()));
    const ps = (list: FunnelStage[]) => must(funnelEdges(list)).edges.map(({ test }) => must(test).logP);
    ps(reversed).forEach((logP, k) => expect(logP).toBeCloseTo(ps(stages)[k] ?? NaN, 10));
  });

  it('refuses an edge on which nobody is lost, or nobody is left, and goes on', () => {
    const { edges } = must(
      funnelEdges([
        stage('assigned', 10n, 10n),
        stage('sent', 10n, 10n),
        stage('seen', 0n, 5n),
        stage('clicked', 0n, 1n),
      ]),
    );
    expect(edges.map(({ test }) => codeOf(test))).toEqual(['no_variation', 'not refused', 'empty_arm']);
    expect(edges[2]?.kept).toEqual([undefined, 0.2]);
    const middle = must(edges[1]!.test);
    expect(middle.pHolm).toBeCloseTo(3 * middle.p, 12);
  });

  it('refuses', () => {
    expect(codeOf(funnelEdges([]))).toBe('invalid_input');
    expect(codeOf(funnelEdges([stage('a', 5n, 5n)]))).toBe('invalid_input');
    expect(codeOf(funnelEdges([stage('a', 5n), stage('b', 5n)]))).toBe('invalid_input');
    expect(codeOf(funnelEdges([stage('a', 5n, 5n), stage('b', 6n, 5n)]))).toBe('invalid_input');
    expect(codeOf(funnelEdges([stage('a', 5n, 5n), stage('b', -1n, 5n)]))).toBe('invalid_input');
    expect(codeOf(funnelEdges([stage('a', 5n, 5n), stage('b', 5n)]))).toBe('invalid_input');
    expect(codeOf(funnelEdges([stage('a', 0n, 5n), stage('b', 0n, 5n)]))).toBe('empty_arm');
  });
});
