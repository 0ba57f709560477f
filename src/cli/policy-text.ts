import type { PolicyEvaluation } from '../flows/evaluate-policy.js';
import { type Column, textTable, wrap } from '../reports/text-table.js';

const width = 110;

/** An evaluation of a policy as text. */
export function policyAsText({ protocol, policy, against, verdict, cautions }: PolicyEvaluation): string {
  const both = [policy, ...(against ? [against] : [])];
  const rows = both.map(({ rules, value }) =>
    'refused' in value
      ? [rules, 'refused']
      : [
          rules,
          value.value.toFixed(6),
          value.se.toFixed(6),
          interval(value.interval),
          policy.estimator,
          value.weights.effective.toLocaleString('en-US', { maximumFractionDigits: 1 }),
          value.weights.largest.toPrecision(4),
          `${value.weights.mean.toFixed(4)} (se ${value.weights.meanSe.toFixed(4)})`,
        ],
  );
  const titles = ['policy', 'value', 'se', '95 %', 'by', 'effective', 'largest w', 'mean w'];
  const columns = titles.map((title, i): Column =>
    i === 0 ? { title, align: 'left', most: 60 } : { title, align: 'right' },
  );
  return [
    'PROTOCOL',
    ...protocol.flatMap((line) => wrap(line, width, '  ')),
    '',
    'VALUE',
    ...textTable(columns, rows).map((line) => `  ${line}`),
    ...both.flatMap(({ value }) =>
      'refused' in value ? wrap(`Refused (${value.code}): ${value.reason}`, width, '  ') : [],
    ),
    '',
    ...differenceOf(against),
    'VERDICT',
    ...wrap(verdict, width, '  '),
    ...cautions.flatMap((line) => wrap(line, width, '  ')),
    '',
  ].join('\n');
}

function differenceOf(against: PolicyEvaluation['against']): string[] {
  if (!against) return [];
  const { difference, estimator } = against;
  if ('refused' in difference) {
    return ['DIFFERENCE', ...wrap(`Refused (${difference.code}): ${difference.reason}`, width, '  '), ''];
  }
  const { value, se, z, differing } = difference;
  return [
    `DIFFERENCE (policy less the other, paired, by ${estimator})`,
    `  ${signed(value)}  se ${se.toFixed(6)}  95 % ${interval(difference.interval)}  z ${z.toFixed(2)}`,
    `  They differ in what they say of what was done in ${differing.toLocaleString('en-US')} decisions.`,
    '',
  ];
}

const interval = ([lower, upper]: readonly [number, number]): string =>
  `${lower.toFixed(6)} to ${upper.toFixed(6)}`;
const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(6)}`;
