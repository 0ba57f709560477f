import { didYouMean, quoted, quotedList } from '../files/closest-name.js';
import type { AnalyzeRequest } from '../flows/analyze-file.js';
import type { CampaignMetric } from '../reports/campaign-input.js';
import { UsageError } from './command.js';
import { delimiterOf } from './csv-layout.js';
import type { Given } from './read-options.js';

const many = { type: 'string', multiple: true } as const;
const one = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

export const analyzeOptions = {
  arm: one,
  control: one,
  factor: many,
  baseline: many,
  proportion: many,
  mean: many,
  money: many,
  cohort: many,
  currency: one,
  weights: many,
  primary: one,
  guardrail: many,
  'lower-is-better': many,
  level: one,
  title: one,
  delimiter: one,
  'decimal-comma': flag,
  'skip-bad-rows': flag,
  json: flag,
  csv: flag,
  html: one,
} as const;

export interface AnalyzeOptions {
  readonly request: AnalyzeRequest;
  /** What goes to standard output. */
  readonly face: 'text' | 'json' | 'csv';
  /** Where to write the HTML file. */
  readonly html?: string;
}

type Values = Given<typeof analyzeOptions>['values'];

/** @throws UsageError */
export function readAnalyzeOptions({
  values,
  positionals,
  tokens,
}: Given<typeof analyzeOptions>): AnalyzeOptions {
  const [path, extra] = positionals;
  if (path === undefined)
    throw new UsageError('Which file? Give the path of a CSV file, or - for standard input.');
  if (extra !== undefined) {
    throw new UsageError(
      `One file at a time: ${quoted(extra)} is one too many. A value with spaces needs quotes.`,
    );
  }
  if (values.json === true && values.csv === true) throw new UsageError('Either --json or --csv, not both.');
  const design = designOf(values);
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [token] : []));
  const metrics = metricsOf(values, given);
  const cohorts = values.cohort ?? [];
  refuseDoubles([...design.factors, ...metrics.map((metric) => metric.column), ...cohorts]);
  return {
    request: {
      path,
      ...design,
      metrics,
      cohorts,
      weights: values.weights ?? [],
      ...readingOf(values),
      ...restOf(values),
    },
    face: values.json === true ? 'json' : values.csv === true ? 'csv' : 'text',
    ...(values.html === undefined ? {} : { html: values.html }),
  };
}

/** One column of arms with a control, or factors with baselines. */
function designOf(values: Values): Pick<AnalyzeRequest, 'factors' | 'baselines'> {
  const factors = values.factor ?? [];
  const baselines = values.baseline ?? [];
  if (values.arm !== undefined && factors.length > 0)
    throw new UsageError('Either --arm or --factor, not both.');
  if (values.arm === undefined && factors.length === 0) {
    throw new UsageError(
      'Which column holds the arm? Give --arm COLUMN --control VALUE, or --factor COLUMN for each factor.',
    );
  }
  if (values.arm !== undefined) {
    if (baselines.length > 0)
      throw new UsageError('--baseline goes with --factor; an --arm has a --control.');
    if (values.control === undefined) {
      throw new UsageError(`Which value of ${quoted(values.arm)} is the control? Give --control VALUE.`);
    }
    return { factors: [values.arm], baselines: [values.control] };
  }
  if (values.control !== undefined) {
    throw new UsageError('--control goes with --arm; a --factor has a --baseline FACTOR=LEVEL.');
  }
  const given = baselines.map((text) => splitBaseline(text, factors));
  return {
    factors,
    baselines: factors.map((factor) => given.find((entry) => entry.factor === factor)?.level),
  };
}

/** `factor=level`; both may hold equals signs, so the factors decide where the name ends. */
function splitBaseline(text: string, factors: readonly string[]): { factor: string; level: string } {
  const [factor] = factors.filter((name) => text.startsWith(`${name}=`)).sort((a, b) => b.length - a.length);
  if (factor === undefined) {
    const name = text.split('=')[0] ?? '';
    throw new UsageError(
      `--baseline ${quoted(text)} names no --factor.${didYouMean(name, factors)} Write it as --baseline FACTOR=LEVEL.`,
    );
  }
  return { factor, level: text.slice(factor.length + 1) };
}

interface GivenOption {
  readonly name: string;
  readonly value?: string | undefined;
}

/** Metrics in the order in which they were given, whatever their types: the first one decides. */
function metricsOf(values: Values, given: readonly GivenOption[]): CampaignMetric[] {
  const columns = given.flatMap(({ name, value }) =>
    isMetricType(name) && value !== undefined ? [{ column: value, type: name }] : [],
  );
  const [first] = columns;
  if (!first) throw new UsageError('What is measured? Give --proportion, --mean or --money with a column.');
  const names = columns.map(({ column }) => column);
  const lower = knownMetrics('lower-is-better', values['lower-is-better'] ?? [], names);
  const guardrails = knownMetrics('guardrail', values.guardrail ?? [], names);
  const firstGiven = names.find((name) => !guardrails.includes(name));
  if (firstGiven === undefined) throw new UsageError('All metrics are guardrails; one must decide.');
  const [primary = firstGiven] = knownMetrics(
    'primary',
    values.primary === undefined ? [] : [values.primary],
    names,
  );
  if (guardrails.includes(primary))
    throw new UsageError(`${quoted(primary)} cannot be primary and guardrail.`);
  return columns.map(({ column, type }) => ({
    column,
    type,
    role: column === primary ? 'primary' : guardrails.includes(column) ? 'guardrail' : 'secondary',
    direction: lower.includes(column) ? 'decrease' : 'increase',
  }));
}

function isMetricType(name: string): name is CampaignMetric['type'] {
  return name === 'proportion' || name === 'mean' || name === 'money';
}

function knownMetrics(
  option: string,
  named: readonly string[],
  metrics: readonly string[],
): readonly string[] {
  for (const name of named) {
    if (metrics.includes(name)) continue;
    throw new UsageError(
      `--${option} ${quoted(name)} is none of the metrics.${didYouMean(name, metrics)} They are ${quotedList(metrics)}.`,
    );
  }
  return named;
}

function refuseDoubles(columns: readonly string[]): void {
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (twice !== undefined)
    throw new UsageError(`Column ${quoted(twice)} is given twice; it can play one part only.`);
}

function readingOf(values: Values) {
  const { delimiter } = values;
  return {
    decimalPoint: values['decimal-comma'] === true ? (',' as const) : ('.' as const),
    skipBadRows: values['skip-bad-rows'] === true,
    ...(delimiter !== undefined && { delimiter: delimiterOf(delimiter) }),
  };
}

function restOf(values: Values) {
  const level = values.level === undefined ? 0.95 : Number(values.level);
  if (!(level >= 0.5 && level <= 0.9999))
    throw new UsageError('--level is a number from 0.5 to 0.9999, such as 0.95.');
  const currency = values.currency?.toUpperCase();
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency)) {
    throw new UsageError('--currency is a three-letter code, such as USD.');
  }
  return {
    level,
    ...(currency === undefined ? {} : { currency }),
    ...(values.title === undefined ? {} : { title: values.title }),
  };
}
