import { estimateCells, indented, testCell } from './as-text-metric.js';
import { isEverythingAsMeant } from './delivery.js';
import type { Report } from './report.js';
import { textTable, wrap } from './text-table.js';

/** What was really delivered, and what it did to those who got it; nothing where nobody got anything else. */
export function deliveryLines({ delivery, arms, metrics, level }: Report): string[] {
  if (!delivery || isEverythingAsMeant(delivery)) return [];
  const title = (key: string): string => arms.find((arm) => arm.key === key)?.title ?? key;
  const headers = [
    { title: 'metric', align: 'left', most: 30 },
    { title: 'arm', align: 'left', most: 30 },
    { title: 'effect', align: 'right' },
    { title: `${Math.round(level * 1_000) / 10}% interval`, align: 'right' },
    { title: 'p', align: 'right' },
  ] as const;
  const rows = delivery.effects.map((one) => [
    metrics.find(({ key }) => key === one.metric)?.title ?? one.metric,
    title(one.arm),
    ...estimateCells(one.difference),
    testCell(one.test),
  ]);
  const refused = delivery.effects.flatMap(({ arm, difference }) =>
    'refused' in difference ? [`- ${title(arm)}: ${difference.reason}`] : [],
  );
  return [
    'DELIVERED',
    ...delivery.arms.flatMap(({ arm, text }) => wrap(`- ${title(arm)}: ${text}`, 96, '  ')),
    ...(rows.length > 0 ? ['', ...indented(textTable(headers, rows))] : []),
    ...[...new Set(refused)].flatMap((line) => wrap(line, 96, '  ')),
    ...(delivery.text === undefined ? [] : wrap(delivery.text, 96, '  ')),
  ];
}
