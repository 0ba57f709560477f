import type { Contest } from './contest.js';
import type { MetricReport } from './report.js';

/** A metric that must not get worse, and every place where it is looked at. */
export interface Guardrail {
  readonly metric: Pick<MetricReport, 'key' | 'title' | 'direction'>;
  readonly looks: readonly GuardrailLook[];
}

/** One comparison on a guardrail. Several belong to one factor level where its effect is not the same everywhere. */
export interface GuardrailLook {
  /** Its key is that of the arm or level judged on the deciding metric. */
  readonly contest: Contest;
  /** Where the effect was looked at, as the end of a clause: `, where sender = a`. */
  readonly where: string;
  /** What the two sides reached, also where no test can be made. */
  readonly values?: { readonly own: number; readonly against: number; readonly text: string };
}

/** What a guardrail says of one arm: worse, untestable and perhaps worse, or untestable but no worse to look at. */
export interface Concern {
  readonly kind: 'worse' | 'unclear' | 'untested';
  readonly guardrail: Guardrail;
  readonly look: GuardrailLook;
}

/** All that the guardrails say of an arm or level; what holds back comes first. */
export function concernsOf(key: string, guardrails: readonly Guardrail[], alpha: number): Concern[] {
  return guardrails.flatMap((guardrail) => {
    const found = guardrail.looks
      .filter((look) => look.contest.key === key)
      .flatMap((look) => concernAt(look, guardrail, alpha) ?? []);
    const worse = found.filter((one) => one.kind === 'worse');
    const unclear = found.filter((one) => one.kind === 'unclear').slice(0, 1);
    return worse.length + unclear.length > 0 ? [...worse, ...unclear] : found.slice(0, 1);
  });
}

/** Harm is judged at a one-sided level: it need not be proven as strictly as gain. */
function concernAt(look: GuardrailLook, guardrail: Guardrail, alpha: number): Concern | undefined {
  const { test, difference } = look.contest;
  const bad = guardrail.metric.direction === 'increase' ? -1 : 1;
  if ('refused' in test || 'refused' in difference) {
    const { values } = look;
    const fine = values !== undefined && bad * (values.own - values.against) <= 0;
    return { kind: fine ? 'untested' : 'unclear', guardrail, look };
  }
  return bad * difference.value > 0 && test.p / 2 < alpha ? { kind: 'worse', guardrail, look } : undefined;
}

export function holdsBack(concern: Concern): boolean {
  return concern.kind !== 'untested';
}
