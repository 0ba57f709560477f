import type { PolicyEstimate } from '../evaluation/off-policy/policy-value.js';
import {
  type ByEstimator,
  type PolicyPreview,
  previewPolicy,
  usualLeastEffective,
} from '../flows/preview-policy.js';
import { wrap } from '../reports/text-table.js';
import { UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { numberOption } from './number-option.js';
import { oneOf } from './one-of.js';
import { withService } from './with-service.js';

const help = `postulate off-policy KEY: what a strategy would have brought in an experiment, had it decided for everybody.

  postulate off-policy spring --strategy by-tier@2 --against by-tier@1 --metric conversion

  --strategy NAME@VERSION the version to be valued
  --against NAME@VERSION  another one, compared on the same decisions
  --metric KEY            a metric of the experiment
  --estimator NAME        ips, snips or dr; unless given, values are by snips and differences by ips
  --least-effective N     refuse what rests on fewer effective decisions (${usualLeastEffective})
  --json                  as data

Stores nothing. Exit code: 0 done, 1 failed, 2 wrong usage.
`;

const text = { type: 'string' } as const;

export const offPolicy = defineCommand({
  name: 'off-policy',
  summary: 'what a strategy would have brought in an experiment that has run',
  help,
  options: {
    ...{ strategy: text, against: text, metric: text, estimator: text, 'least-effective': text },
    json: { type: 'boolean' },
  },
  async run({ values, positionals }, io) {
    const [key, ...more] = positionals;
    if (key === undefined || more.length > 0) throw new UsageError('Say which experiment, by its key.');
    const { strategy, metric, against, estimator } = values;
    if (strategy === undefined || metric === undefined) {
      throw new UsageError('Give --strategy NAME@VERSION and --metric KEY.');
    }
    const least = values['least-effective'];
    const asked = {
      ...{ strategy, metric },
      ...(against !== undefined && { against }),
      ...(estimator !== undefined && {
        estimator: oneOf('estimator', estimator, ['ips', 'snips', 'dr'] as const),
      }),
      leastEffective: numberOption('least-effective', least, usualLeastEffective, (n) => n >= 2, '2 or more'),
    };
    const preview = await withService(io, (ctx) => previewPolicy(ctx, key, asked));
    io.stdout.write(values.json === true ? `${JSON.stringify(preview, null, 2)}\n` : asText(preview));
    return 0;
  },
});

function asText({ experiment, metric, decisions, strategy, against, meaning }: PolicyPreview): string {
  const left = decisions.leftOut.map((one) => `${one.decisions} ${one.reason.replaceAll('_', ' ')}`);
  return [
    `${experiment}, ${metric}: ${decisions.used} decisions${decisions.sampled ? ' (a sample)' : ''}${left.length === 0 ? '' : `, left out: ${left.join(', ')}`}`,
    ...[strategy, ...(against ? [against] : [])].flatMap(lineOf),
    ...(against ? [...differenceLine(against.difference), ...eachLine(against.differences)] : []),
    ...meaning.flatMap((line) => wrap(line, 110)),
    '',
  ].join('\n');
}

function lineOf({ of, model, value, values }: PolicyPreview['strategy']): string[] {
  const name = `  ${of}${model === undefined ? '' : ` (${model})`}: `;
  if ('refused' in value) return wrap(`${name}refused (${value.code}): ${value.reason}`, 110);
  const { effective, largest } = value.weights;
  return [
    `${name}${shown(value)}; effective ${effective.toFixed(1)}, largest weight ${largest.toPrecision(4)}, nothing clipped`,
    ...eachLine(values),
  ];
}

function eachLine(figures: ByEstimator<PolicyEstimate>): string[] {
  return (['ips', 'snips', 'dr'] as const).flatMap((name) => {
    const figure = figures[name];
    return 'refused' in figure
      ? wrap(`    ${name}: refused: ${figure.reason}`, 110)
      : [`    ${name.padEnd(5)} ${shown(figure)}`];
  });
}

function differenceLine(difference: NonNullable<PolicyPreview['against']>['difference']): string[] {
  if ('refused' in difference)
    return wrap(`  difference: refused (${difference.code}): ${difference.reason}`, 110);
  return [`  difference: ${shown(difference)}; z ${difference.z.toFixed(2)}`];
}

function shown({
  value,
  se,
  interval,
}: {
  readonly value: number;
  readonly se: number;
  readonly interval: readonly [number, number];
}): string {
  return `${value.toFixed(6)} (se ${se.toFixed(6)}, 95 % ${interval.map((end) => end.toFixed(6)).join(' to ')})`;
}
