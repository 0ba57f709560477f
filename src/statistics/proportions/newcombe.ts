import { impossibleLevel } from '../confidence.js';
import { impossibleCounts, rateDifference, type Count } from '../count.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import type { Estimate, OrRefusal } from '../result.js';
import { wilsonReach } from './wilson.js';

/**
 * Difference of two rates, treatment minus control, with Newcombe's hybrid score interval (his method 10), made from
 * the Wilson intervals of the arms: a closed form for large tables of comparisons. Never leaves [-1, 1]; covers a
 * little more than `scoreDifference` and, unlike that, can contradict Pearson's test when p is close to 1 - level.
 * Refuses `invalid_input` and `empty_arm`. Newcombe (1998).
 */
export function newcombe(control: Count, treatment: Count, level: number): OrRefusal<Estimate> {
  const impossible = impossibleLevel(level) ?? impossibleCounts([control, treatment]);
  if (impossible) return impossible;
  const z = normal.isf((1 - level) / 2);
  const value = rateDifference(control, treatment);
  const c = wilsonReach(control, z);
  const t = wilsonReach(treatment, z);
  const lower = Math.max(-1, value - Math.hypot(t.below, c.above));
  const upper = Math.min(1, value + Math.hypot(t.above, c.below));
  return { value, interval: { lower, upper, level } };
}

export const newcombeMethod = {
  id: 'proportion.newcombe',
  title: "Difference of two rates with Newcombe's interval",
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Newcombe, Statistics in Medicine 17 (1998) 873, method 10',
  compute: newcombe,
} as const satisfies Method;
