import type { Count } from '../../src/statistics/count.js';
import { binomial } from '../../src/statistics/distributions/binomial.js';
import { isRefusal, type Estimate, type OrRefusal } from '../../src/statistics/result.js';
import { binomialTable } from './chance.js';

/** An arm of the world: its recipients and their true rate. */
export interface TrueArm {
  readonly n: number;
  readonly p: number;
}

/** The probability, for each of several events, over every possible table of two arms (all but 1e-15 of the mass). */
export function probabilities<Event extends string>(
  control: TrueArm,
  treatment: TrueArm,
  events: (control: Count, treatment: Count) => readonly Event[],
): Map<Event, number> {
  const [first, second] = [control, treatment].map(({ n, p }) => binomialTable(n, p, binomial.logPmf));
  const sums = new Map<Event, number>();
  for (const [i, p] of (first?.probabilities ?? []).entries()) {
    const one = { successes: BigInt((first?.first ?? 0) + i), n: BigInt(control.n) };
    for (const [j, q] of (second?.probabilities ?? []).entries()) {
      if (p * q < 1e-17) continue;
      const other = { successes: BigInt((second?.first ?? 0) + j), n: BigInt(treatment.n) };
      for (const event of events(one, other)) sums.set(event, (sums.get(event) ?? 0) + p * q);
    }
  }
  return sums;
}

/** "0.1 %, 18,000 + 2,000" */
export function describeArms(control: TrueArm, treatment: TrueArm): string {
  const per = (p: number) => `${Number((100 * p).toPrecision(3))} %`;
  const rates = control.p === treatment.p ? per(control.p) : `${per(control.p)} v ${per(treatment.p)}`;
  return `${rates}, ${control.n.toLocaleString('en')} + ${treatment.n.toLocaleString('en')}`;
}

/** On which side an interval misses the truth; one that is refused misses nothing. */
export function missed(name: string, result: OrRefusal<Estimate>, target: number): string[] {
  if (isRefusal(result)) return [];
  const { lower, upper } = result.interval;
  const slack = 1e-12 * Math.max(1, Math.abs(target));
  if (lower > target + slack) return [`${name} too high`];
  return upper < target - slack ? [`${name} too low`] : [];
}
