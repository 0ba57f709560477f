import { checkQuality, type CheckedQuality, usualDays } from '../flows/check-quality.js';
import { textTable, wrap } from '../reports/text-table.js';
import { UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { withService } from './with-service.js';

const help = `postulate data-audit: how complete, well-formed and free of contradictions the data are.

  postulate data-audit --required email,country --max-incomplete 0.1

  --required TRAITS        traits that every profile should have, with commas (those that half of them have)
  --max-incomplete SHARE   most profiles that may lack one of them (0.2)
  --max-refused COUNT      most rows in quarantine (100)
  --max-inconsistent SHARE most of what a rule has looked at, for all rules (each rule has its own)
  --days DAYS              how far back arrivals are looked at (${usualDays})
  --json                   the same as JSON

Changes nothing. On a large database it takes a while: it reads all profiles and the events of these days.

Exit code: 0 all within the thresholds, 1 something is past one, 2 wrong usage.
`;

const width = 100;
const one = { type: 'string' } as const;
const options = {
  required: one,
  'max-incomplete': one,
  'max-refused': one,
  'max-inconsistent': one,
  days: one,
  json: { type: 'boolean' },
} as const;

export const dataAudit = defineCommand({
  name: 'data-audit',
  summary: 'check profiles and events for gaps and contradictions',
  help,
  options,
  async run({ values, positionals }, io) {
    if (positionals.length > 0) throw new UsageError('This command takes options only.');
    const maxIncomplete = numberOf('max-incomplete', values['max-incomplete'], 1);
    const maxRefused = numberOf('max-refused', values['max-refused'], Number.MAX_SAFE_INTEGER);
    const maxInconsistent = numberOf('max-inconsistent', values['max-inconsistent'], 1);
    const request = {
      days: numberOf('days', values.days, 3_650) ?? usualDays,
      required: values.required
        ?.split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
      thresholds: {
        ...(maxIncomplete !== undefined && { maxIncomplete }),
        ...(maxRefused !== undefined && { maxRefused }),
        ...(maxInconsistent !== undefined && { maxInconsistent }),
      },
    };
    const report = await withService(io, (ctx) => checkQuality(ctx, request));
    io.stdout.write(
      values.json === true ? `${JSON.stringify(report, null, 2)}\n` : `${qualityText(report).join('\n')}\n`,
    );
    return report.findings.length > 0 ? 1 : 0;
  },
});

function numberOf(option: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= most) return value;
  throw new UsageError(`--${option} is a number from 0 to ${most}, not "${text}".`);
}

function qualityText(report: CheckedQuality): string[] {
  const { findings } = report;
  return [
    ...completenessLines(report),
    '',
    ...formatLines(report),
    '',
    ...consistencyLines(report),
    '',
    ...(findings.length === 0
      ? ['All within the thresholds.']
      : findings.flatMap((one) => wrap(`! ${one}`, width))),
  ];
}

function completenessLines({ completeness }: CheckedQuality): string[] {
  const { profiles, incomplete, share, traits } = completeness;
  return [
    `Profiles: ${profiles}, incomplete: ${incomplete} (${percentOf(share)})`,
    ...textTable(
      [
        { title: 'Trait', align: 'left', most: 40 },
        { title: 'Known', align: 'right' },
        { title: 'Share', align: 'right' },
        { title: 'Expected', align: 'left' },
      ],
      traits.map((row) => [row.trait, String(row.known), percentOf(row.share), row.expected ? 'yes' : '']),
    ),
  ];
}

function formatLines({ format, days }: CheckedQuality): string[] {
  return [
    `Refused rows of ${days} days: ${format.refused}`,
    ...textTable(
      [
        { title: 'Kind', align: 'left' },
        { title: 'Code', align: 'left' },
        { title: 'Path', align: 'left' },
        { title: 'Rows', align: 'right' },
      ],
      format.rows.map((row) => [row.kind, row.code, row.path, String(row.n)]),
    ),
  ];
}

function consistencyLines({ consistency }: CheckedQuality): string[] {
  return [
    'Contradictions',
    ...textTable(
      [
        { title: 'Rule', align: 'left', most: 60 },
        { title: 'Found', align: 'right' },
        { title: 'Of', align: 'right' },
        { title: 'Share', align: 'right' },
        { title: 'Most', align: 'right' },
      ],
      consistency.map((row) => [
        row.title,
        String(row.violations),
        String(row.checked),
        percentOf(row.share),
        percentOf(row.threshold),
      ]),
    ),
    ...consistency.flatMap(({ id, samples }) =>
      samples.length > 0 ? [`  ${id}: ${samples.join(' ')}`] : [],
    ),
  ];
}

function percentOf(share: number | undefined): string {
  return share === undefined ? '–' : `${(share * 100).toFixed(1)} %`;
}
