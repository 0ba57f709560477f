import type { Count } from '../../src/statistics/count.js';
import { binomial } from '../../src/statistics/distributions/binomial.js';
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
