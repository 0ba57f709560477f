import { levelText } from './format.js';
import { isRate } from './metric-unit.js';
import { healthChecks } from './health/registry.js';
import type { Definition, FactorialReport, MetricReport } from './report.js';
import type { ReportInput } from './report-input.js';
import { mostValues, smallestCohort } from './cohort-report.js';

/** What every word and figure of this very report means. */
export function definitionsOf(
  input: ReportInput,
  metrics: readonly MetricReport[],
  factorial: FactorialReport | undefined,
  level: number,
): Definition[] {
  return [
    ...metrics.map((metric) => ({ term: metric.title, text: metric.definition })),
    ...comparisonTerms(level, input.arms.length),
    ...methodTerms(metrics),
    ...(input.stations ? [funnelTerm] : []),
    ...(input.fallenBack && input.fallenBack.length > 0 ? [deliveredTerm] : []),
    ...(factorial ? factorialTerms : []),
    ...(input.cohorts.length > 0 ? cohortTerms : []),
    ...healthChecks.map((check) => termOf(check.definition)),
  ];
}

function comparisonTerms(level: number, arms: number): Definition[] {
  const percent = levelText(level);
  const terms = [
    {
      term: 'Recipients (n)',
      text: 'Everybody who was assigned to the arm, whatever was delivered or done afterwards.',
    },
    {
      term: 'Difference',
      text: 'The arm minus the control. “pp” are percentage points: from 10% to 12% is +2 pp.',
    },
    {
      term: 'Uplift',
      text: 'The difference relative to the control: from 10% to 12% is +20%.',
    },
    {
      term: `${percent} interval`,
      text: `The range of true values that the data are compatible with: intervals made this way contain the truth in ${percent} of experiments. It excludes “no effect” exactly when the test beside it rejects.`,
    },
    {
      term: 'p',
      text: 'How often chance alone would show a difference at least this large, if there were none.',
    },
  ];
  if (arms <= 2) return terms;
  return [
    ...terms,
    {
      term: 'Corrected p (Holm)',
      text: 'The p-value made stricter because several arms are compared; the verdict goes by it. Intervals and the plain p are not corrected.',
    },
  ];
}

function methodTerms(metrics: readonly MetricReport[]): Definition[] {
  const over = metrics.filter((metric) => metric.denominator !== undefined);
  const plain = metrics.filter((metric) => metric.denominator === undefined);
  return [
    ...(plain.some(isRate) ? [proportionTerm] : []),
    ...(plain.some((metric) => !isRate(metric)) ? [meanTerm] : []),
    ...(over.length > 0 ? [ratioTerm] : []),
    ...(over.some((metric) => metric.diagnostic) ? [diagnosticTerm] : []),
    ...(metrics.some((metric) => metric.type === 'time_to_event') ? [timeTerm] : []),
    ...(metrics.some((metric) => metric.adjustment) ? [adjustmentTerm] : []),
    ...(metrics.some((metric) => metric.margin) ? [marginTerm] : []),
    ...(metrics.some((metric) => metric.cap !== undefined) ? [capTerm] : []),
  ];
}

const ratioTerm: Definition = {
  term: 'Ratios',
  text: 'Total over total, such as opens over delivered, with the denominators beside it. Test and interval of the difference: z by the delta method on sums per recipient, so that recipients with several messages are not counted as several people; uplift: Fieller’s interval with the same quantile. Interval of one arm: recipients as clusters. All arms at once: Wald’s test.',
};

const diagnosticTerm: Definition = {
  term: 'Diagnostic',
  text: 'A ratio whose denominator came after the assignment, such as clicks among those who opened: the arms compare different people. It is shown to understand a result, and decides nothing.',
};

const timeTerm: Definition = {
  term: 'Times',
  text: 'From the start of a recipient’s window to the first event; the whole window for those without one. So everybody counts, and a shorter mean time is sooner or more.',
};

const adjustmentTerm: Definition = {
  term: 'Adjusted',
  text: 'Levels and differences as if every arm had the same recipients in what was known before the assignment (regression adjustment, also called CUPED; a slope per arm, one for all where an arm is small). The expected difference is the same, its interval narrower. What was observed stands beside it. Cohorts are not adjusted.',
};

const marginTerm: Definition = {
  term: 'Margin of a guardrail',
  text: 'How much worse it may get. A one-sided test shows whether more harm than that can be excluded; only then does the guardrail let an arm pass. “At worst” is the end of the one-sided interval.',
};

const capTerm: Definition = {
  term: 'Cap',
  text: 'The most that one recipient counts, declared beforehand: what is above is cut off, the recipient stays.',
};

const funnelTerm: Definition = {
  term: 'Funnel',
  text: 'How many recipients of every arm got to each station, as a share of the station before and of everybody assigned.',
};

const deliveredTerm: Definition = {
  term: 'Effect among those delivered to',
  text: 'The effect of the assignment, divided by the share of the arm that really got what its strategy chose (assignment as instrument). Interval: Fieller’s, the inversion of the test of every effect. It takes for granted that whoever got the fallback did as they would have done in the control arm, and decides nothing.',
};

const proportionTerm: Definition = {
  term: 'Rates',
  text: 'Interval of a rate: Wilson. Test: Pearson chi-square without correction. Interval of difference and uplift: score intervals, the exact inversion of that test. Where a count below 5 is expected, Fisher’s mid-p counts if it is larger, and an interval that would disagree reaches to no effect.',
};

const meanTerm: Definition = {
  term: 'Means and money',
  text: 'Per recipient, those with nothing included. Test and interval of the difference: Welch’s t; uplift: Fieller’s interval with the same quantile, refused where the control’s mean may be zero or is below it. All arms at once: Welch’s analysis of variance.',
};

const factorialTerms: readonly Definition[] = [
  {
    term: 'Main effect',
    text: 'What a level does on average over all combinations of the other factors, each weighing the same. The verdict goes by its p corrected (Holm) over all main effects of the metric.',
  },
  {
    term: 'Interaction',
    text: 'By how much the effect of one factor changes with the level of another (a difference of differences).',
  },
  {
    term: 'Simple effect',
    text: 'What a level does while the other factors are held at the levels named: two combinations, compared as two arms are.',
  },
  {
    term: 'How factor effects are computed',
    text: 'Main effects and interactions are contrasts, weighted sums of what the combinations reached. Rates: a z test whose variance adds one success and one failure to every combination, so that small ones do not look certain. Means: a t test with Welch-Satterthwaite degrees of freedom. The interval is the one of that test. Several contrasts at once: Wald’s test for rates, Johansen’s for means.',
  },
];

const cohortTerms: readonly Definition[] = [
  {
    term: 'Cohort',
    text: `Recipients alike in a trait known before the send. Exploratory: of many looks some will show something by chance. Cohorts under ${smallestCohort} recipients in some arm are hidden; of more than ${mostValues} the largest are shown.`,
  },
  {
    term: 'Do cohorts differ?',
    text: 'Cochran’s Q over the differences in all cohorts of the trait, corrected (Holm) over all such tests of this report.',
  },
  {
    term: 'Steadied difference',
    text: 'The cohort’s difference drawn towards the common one, the more so the less it carries by itself (Paule-Mandel random effects). The better guess where cohorts are small.',
  },
];

function termOf(definition: string): Definition {
  const colon = definition.indexOf(':');
  return { term: definition.slice(0, colon), text: capitalised(definition.slice(colon + 1).trim()) };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
