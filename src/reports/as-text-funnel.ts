import { indented } from './as-text-metric.js';
import { countText } from './format.js';
import type { Report } from './report.js';
import { textTable, wrap } from './text-table.js';

/** How far the messages of every arm got. */
export function funnelLines({ funnel, arms }: Report): string[] {
  if (!funnel) return [];
  const headers = [
    { title: 'arm', align: 'left', most: 30 } as const,
    ...funnel.stations.map(({ station }) => ({ title: station, align: 'right' }) as const),
  ];
  const rows = arms.map(({ title }, arm) => [
    title,
    ...funnel.stations.map(({ arms: counts }) => {
      const count = counts[arm];
      if (!count) return '-';
      return countText(count.n) + (count.ofPrevious ? ` (${count.ofPrevious.text})` : '');
    }),
  ]);
  return [
    'FUNNEL (recipients, and their share of those at the station before)',
    ...indented(textTable(headers, rows)),
    ...funnel.edges.flatMap(({ text }) => wrap(`- ${text}`, 96, '  ')),
  ];
}
