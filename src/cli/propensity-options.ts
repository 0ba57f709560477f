import { quoted } from '../files/closest-name.js';
import type { PropensityRequest } from '../flows/evaluate-propensity.js';
import type { PropensitySplit } from '../flows/propensity-split.js';
import { UsageError } from './command.js';
import { layoutOf, layoutOptions, listOf } from './csv-layout.js';
import { type Given, readOptions } from './read-options.js';

const one = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

const options = {
  outcome: one,
  features: one,
  'all-but': one,
  'as-text': one,
  recipient: one,
  estimator: one,
  settings: one,
  split: one,
  threshold: one,
  share: one,
  folds: one,
  compare: flag,
  eliminate: flag,
  search: flag,
  seed: one,
  ...layoutOptions,
  'skip-bad-rows': flag,
  json: flag,
} as const;

type Values = Given<typeof options>['values'];

/** @throws UsageError */
export function propensityOptions(args: readonly string[]): { request: PropensityRequest; json: boolean } {
  const { values, positionals } = readOptions(args, options);
  const [path, extra] = positionals;
  if (path === undefined)
    throw new UsageError('Which file? Give the path of a CSV file, or - for standard input.');
  if (extra !== undefined) {
    throw new UsageError(
      `One file at a time: ${quoted(extra)} is one too many. A value with spaces needs quotes.`,
    );
  }
  if (values.outcome === undefined || values.outcome === '') {
    throw new UsageError('What is foreseen? Give --outcome COLUMN, or --outcome COLUMN=VALUE.');
  }
  const request: PropensityRequest = {
    path,
    outcome: values.outcome,
    features: featuresOf(values),
    asText: listOf(values['as-text'] ?? ''),
    ...(values.recipient !== undefined && { recipient: values.recipient }),
    estimator: values.estimator ?? 'logistic',
    settings: settingsOf(values),
    split: splitOf(values.split),
    ...numbersOf(values),
    compare: values.compare === true,
    eliminate: values.eliminate === true,
    search: values.search === true,
    seed: values.seed ?? 'postulate',
    ...layoutOf(values),
    skipBadRows: values['skip-bad-rows'] === true,
  };
  return { request, json: values.json === true };
}

function numbersOf(values: Values): Pick<PropensityRequest, 'threshold' | 'share' | 'folds'> {
  return {
    threshold: numberOf('threshold', values.threshold, 0.5, (n) => n >= 0 && n <= 1, 'a number from 0 to 1'),
    share: numberOf('share', values.share, 0.1, (n) => n > 0 && n <= 1, 'a number above 0 and at most 1'),
    folds: numberOf(
      'folds',
      values.folds,
      5,
      (n) => Number.isInteger(n) && n >= 2 && n <= 50,
      'a whole number from 2 to 50',
    ),
  };
}

function featuresOf(values: Values): PropensityRequest['features'] {
  const [features, allBut] = [values.features, values['all-but']];
  if (features !== undefined && allBut !== undefined) {
    throw new UsageError('Either --features or --all-but, not both.');
  }
  if (allBut !== undefined) return { allBut: listOf(allBut) };
  const names = listOf(features ?? '');
  if (names.length === 0) {
    throw new UsageError('From what is it foreseen? Give --features A,B,C or --all-but X,Y.');
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`Feature ${quoted(twice)} is given twice.`);
  return names;
}

function settingsOf({ settings = '{}' }: Values): unknown {
  try {
    return JSON.parse(settings) as unknown;
  } catch {
    throw new UsageError(
      `--settings is no JSON: ${quoted(settings)}. Write it as '{"ridge": 10}', in single quotes.`,
    );
  }
}

function splitOf(text: string | undefined): PropensitySplit {
  const forms = 'time:COLUMN:0.8, order:0.8, even-odd, random:0.3 or test-file:FILE';
  if (text === undefined) {
    throw new UsageError(`What is it measured on? Give --split ${forms}. By time is the honest one.`);
  }
  const [, kind = '', rest = ''] = /^([a-z-]*):?(.*)$/s.exec(text) ?? [];
  if (kind === 'even-odd' && rest === '') return { kind };
  if (kind === 'test-file' && rest !== '') return { kind, path: rest };
  const at = rest.lastIndexOf(':');
  const share = Number(rest.slice(at + 1));
  const isShare = rest.slice(at + 1).trim() !== '' && share > 0 && share < 1;
  if (kind === 'order' && at < 0 && isShare) return { kind, share };
  if (kind === 'random' && at < 0 && isShare) return { kind, testShare: share };
  if (kind === 'time' && at > 0 && isShare) return { kind, column: rest.slice(0, at), share };
  throw new UsageError(`--split ${quoted(text)} is none of ${forms}; a share is between 0 and 1.`);
}

function numberOf(
  name: string,
  text: string | undefined,
  otherwise: number,
  fits: (number: number) => boolean,
  what: string,
): number {
  if (text === undefined) return otherwise;
  const number = text.trim() === '' ? NaN : Number(text);
  if (!fits(number)) throw new UsageError(`--${name} is ${what}; it was ${quoted(text)}.`);
  return number;
}
