import type { DailySum } from '../database/questions/daily-sums.js';
import { armsOf } from '../experiments/arms.js';
import type { Experiment, Metric } from '../experiments/experiment.js';
import { currencyExponent } from '../experiments/money.js';
import { countText, numberText } from '../reports/format.js';
import { drawLines, type Line } from './spark-line.js';
import { typeset } from './estimate-view.js';

export interface DailyView {
  readonly metric: string;
  readonly arms: readonly string[];
  readonly lines: readonly Line[];
  readonly rows: readonly {
    readonly day: string;
    /** In the order of the arms. */
    readonly cells: readonly { readonly n: string; readonly value: string }[];
  }[];
}

/** Every metric by day of enrolment and arm, without intervals: to see a day that is unlike the others. */
export function dailyViews(experiment: Experiment, sums: readonly DailySum[]): DailyView[] {
  const arms = armsOf(experiment.factors);
  const days = [...new Set(sums.map((sum) => sum.day))].sort();
  return experiment.metrics.map((metric) => {
    const own = new Map(
      sums.filter((sum) => sum.metric === metric.key).map((sum) => [`${sum.day} ${sum.arm}`, sum]),
    );
    const values = arms.map((arm) =>
      days.map((day) => valueOf(metric, experiment, own.get(`${day} ${arm.index}`))),
    );
    const write = (value: number | undefined): string =>
      value === undefined ? '–' : typeset(valueText(value, metric, experiment));
    const titles = arms.map((arm) => arm.levels.map((level) => level.title).join(' · '));
    return {
      metric: metric.title,
      arms: titles,
      lines: drawLines(
        titles.map((title, i) => ({ title, values: values[i] ?? [] })),
        { days, write },
      ),
      rows: days.map((day, d) => ({
        day,
        cells: arms.map((arm, i) => ({
          n: countText(Number(own.get(`${day} ${arm.index}`)?.n ?? 0n)),
          value: write(values[i]?.[d]),
        })),
      })),
    };
  });
}

/** The mean of the day in the metric's own unit; undefined where there is nothing to divide by. */
function valueOf(metric: Metric, experiment: Experiment, sum: DailySum | undefined): number | undefined {
  if (sum === undefined) return undefined;
  const { denominator } = metric;
  const below = denominator === undefined ? sum.n : sum.sumD;
  if (below === 0n) return undefined;
  const digits = currencyExponent(experiment.currency ?? '');
  const exponentOf = (count: Metric['count'] | undefined): number => (count === 'value' ? digits : 0);
  return Number(sum.sum) / Number(below) / 10 ** (exponentOf(metric.count) - exponentOf(denominator?.count));
}

function valueText(value: number, metric: Metric, experiment: Experiment): string {
  if (metric.type === 'proportion' || metric.type === 'retention')
    return numberText(value, 1, { kind: 'percent', signed: false, minDecimals: 1 });
  if (metric.count === 'value' && metric.denominator?.count !== 'value') {
    const { currency } = experiment;
    const style = { kind: 'money' as const, signed: false, minDecimals: 2, ...(currency && { currency }) };
    return numberText(value, 2, style);
  }
  return numberText(value, 3, { kind: 'number', signed: false, minDecimals: 3 });
}
