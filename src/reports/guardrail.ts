import type { Contest } from './contest.js';
import type { MarginJudgement, MetricReport } from './report-metric.js';

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
  /** Judgement against the metric's margin, where it has one. */
  readonly margin?: MarginJudgement;
  /** What the two sides reached, also where no test can be made. */
  readonly values?: { readonly own: number; readonly against: number; readonly text: string };
}

/**
 * What a guardrail says of one arm: worse; with a margin: harm beyond it not excluded, or excluded (`within`);
 * untestable and perhaps worse, or untestable but no worse to look at.
 */
export interface Concern {
  readonly kind: 'worse' | 'not_excluded' | 'unclear' | 'untested' | 'within';
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
    const first = (kind: Concern['kind']): Concern[] => found.filter((one) => one.kind === kind).slice(0, 1);
    const holding = [...worse, ...first('not_excluded'), ...first('unclear')];
    return holding.length > 0 ? holding : [...first('untested'), ...first('within')].slice(0, 1);
  });
}

/** Harm is judged at a one-sided level: it need not be proven as strictly as gain. */
function concernAt(look: GuardrailLook, guardrail: Guardrail, alpha: number): Concern | undefined {
  if (look.margin) return marginConcern(look, look.margin, guardrail);
  const { test, difference } = look.contest;
  const bad = guardrail.metric.direction === 'increase' ? -1 : 1;
  if ('refused' in test || 'refused' in difference) return untested(look, guardrail);
  return bad * difference.value > 0 && test.p / 2 < alpha ? { kind: 'worse', guardrail, look } : undefined;
}

/** With a margin an arm passes when harm beyond it is excluded, and only then. */
function marginConcern(look: GuardrailLook, margin: MarginJudgement, guardrail: Guardrail): Concern {
  switch (margin.conclusion) {
    case 'no_worse':
      return { kind: 'within', guardrail, look };
    case 'refused':
      return untested(look, guardrail);
    case 'worse':
    case 'not_excluded':
      return { kind: margin.conclusion, guardrail, look };
  }
}

function untested(look: GuardrailLook, guardrail: Guardrail): Concern {
  const bad = guardrail.metric.direction === 'increase' ? -1 : 1;
  const { values } = look;
  const fine = values !== undefined && bad * (values.own - values.against) <= 0;
  return { kind: fine ? 'untested' : 'unclear', guardrail, look };
}

export function holdsBack({ kind }: Concern): boolean {
  return kind !== 'untested' && kind !== 'within';
}
