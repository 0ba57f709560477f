import { bestArm } from './best-arm.js';
import type { CellTable } from './cell-table.js';
import { armContests } from './contest.js';
import {
  combinedText,
  knownValue,
  levelContests,
  levelLooks,
  overText,
  type FactorialView,
} from './factor-levels.js';
import { levelText } from './format.js';
import { analysedMetric } from './metric-report.js';
import type { Guardrail, GuardrailLook } from './guardrail.js';
import type { ReportInput } from './report-input.js';
import type { FactorialReport } from './report-factorial.js';
import type { Finding } from './report.js';
import type { MetricReport } from './report-metric.js';
import type { JudgedContest, VerdictFacts } from './verdict.js';

/** What has been computed when the verdict is asked for. */
export interface Built {
  readonly input: ReportInput;
  readonly table: CellTable;
  readonly level: number;
  readonly health: readonly Finding[];
  readonly metrics: readonly MetricReport[];
  readonly factorial: FactorialReport | undefined;
}

/** Gathers what the verdict goes by. A factorial without a clear interaction is judged factor by factor. */
export function verdictFacts(built: Built): VerdictFacts {
  const { input, level, health, metrics, factorial } = built;
  const [metric] = input.metrics;
  const [report] = metrics;
  if (!metric || !report) throw new TypeError('A report needs at least one metric.');
  const byFactor = factorial?.controlOutside === false && factorial.metrics[0]?.lead === 'main';
  const declared = metrics.filter((one) => one.role === 'guardrail' && one.key !== report.key);
  const guardrails = declared.filter((one) => one.undecidable === undefined);
  const powerless = declared.flatMap(({ title, undecidable }) =>
    undecidable === undefined ? [] : [`${title} holds nothing back: ${undecidable}`],
  );
  return {
    ...(byFactor ? factorFacts(built, report) : armFacts(built, report)),
    guardrails: guardrails.map((one) => guardrailOf(built, one, byFactor)),
    health,
    ...(powerless.length > 0 ? { powerless } : {}),
    alpha: 1 - level,
    ...(input.interim === undefined ? {} : { interim: input.interim }),
    ...(metric.undecidable === undefined ? {} : { undecidable: metric.undecidable }),
  };
}

type Judged = Pick<VerdictFacts, 'metric' | 'contests' | 'best' | 'combined'>;

function factorFacts(built: Built, report: MetricReport): Judged {
  const view = viewOf(built, report);
  if (!view) return armFacts(built, report);
  return {
    metric: { ...wordsOf(report), over: overText(built.input.factors) },
    contests: levelContests(view),
    combined: combinedText(view, titlesOf(built)),
  };
}

function armFacts(built: Built, report: MetricReport): Judged {
  const { input, table, level } = built;
  const [metric] = input.metrics;
  const best = metric && bestArm(analysedMetric(input, metric, table, level), input, report);
  return { metric: wordsOf(report), contests: armsOf(built, report), ...(best ? { best } : {}) };
}

function wordsOf({ key, title, direction }: MetricReport) {
  return { key, title, direction };
}

function viewOf({ input, factorial, level }: Built, metric: MetricReport): FactorialView | undefined {
  const effects = factorial?.metrics.find((one) => one.metric === metric.key);
  return effects && { effects, metric, factors: input.factors, level };
}

function titlesOf({ input }: Built): ReadonlyMap<string, string> {
  return new Map(input.arms.map((arm) => [arm.key, arm.title]));
}

function armsOf(built: Built, metric: MetricReport): JudgedContest[] {
  return armContests(metric, titlesOf(built), levelText(built.level)).map((contest, i) => ({
    ...contest,
    warnings: metric.comparisons[i]?.warnings ?? [],
  }));
}

function guardrailOf(built: Built, metric: MetricReport, byFactor: boolean): Guardrail {
  const view = byFactor ? viewOf(built, metric) : undefined;
  return { metric, looks: view ? levelLooks(view) : armLooks(built, metric) };
}

function armLooks(built: Built, metric: MetricReport): GuardrailLook[] {
  const against = knownValue(metric, built.input.control);
  return armsOf(built, metric).map((contest) => {
    const own = knownValue(metric, contest.key);
    const values = own &&
      against && { own: own.value, against: against.value, text: `${own.text} against ${against.text}` };
    const margin = metric.comparisons.find((one) => one.arm === contest.key)?.margin;
    return { contest, where: '', ...(margin ? { margin } : {}), ...(values ? { values } : {}) };
  });
}
