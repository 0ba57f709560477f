import { closeAlerts, raiseAlert } from '../database/alerts.js';
import { type DailyVolume, dailyVolumes } from '../database/questions/daily-volumes.js';
import { type DayCount, daysNeeded, judgeLastDay } from '../evaluation/anomaly.js';
import { alertId } from './check-model.js';
import type { Context } from './context.js';

/** By what alerts about volumes and rates are known; the subject says of what. */
export const volumeAlert = 'volume';
const dayMs = 86_400_000;
/** Twelve weeks: enough to know the week, and not so many that last year's habits count. */
const lookedBack = 84;

export interface CheckedVolumes {
  readonly day: string;
  readonly judged: number;
  readonly alerting: number;
}

/**
 * Judges yesterday: how many events of each type arrived, and conversions, clicks and unsubscriptions per send. What is out of line raises an alert; the
 * alert of a series that is back in line is closed.
 */
export async function checkVolumes(ctx: Context): Promise<CheckedVolumes | undefined> {
  const now = ctx.clock();
  const today = Math.floor(now.getTime() / dayMs) * dayMs;
  const days = Array.from({ length: lookedBack + 1 }, (_, i) => dayOf(today - (lookedBack + 1 - i) * dayMs));
  const rows = await dailyVolumes(ctx.db, days[0] as string, dayOf(today));
  const day = days.at(-1) as string;
  let [judged, alerting] = [0, 0];
  for (const [subject, series] of seriesOf(rows, days)) {
    const found = judgeLastDay(series);
    if ('refused' in found) continue;
    judged += 1;
    if (found.verdict === 'within') {
      await closeAlerts(ctx.db, { kind: volumeAlert, subject }, 'over', now);
      continue;
    }
    alerting += 1;
    const isRate = series.at(-1)?.of !== undefined;
    const [value, low, high] = [found.value, found.low, found.high].map((one) => spelled(one, isRate));
    const message = `${subject} on ${day}: ${value}, ${found.verdict} the usual ${low} to ${high} for such a day.`;
    const alert = { kind: volumeAlert, subject };
    await raiseAlert(ctx.db, { id: alertId(alert, now), ...alert, message, detail: { day, ...found } }, now);
  }
  return judged === 0 ? undefined : { day, judged, alerting };
}

const perSend = ['converted', 'clicked', 'unsubscribed', 'complained', 'bounced'];

/** Days before the first event of a series are not days without events. */
export function seriesOf(rows: readonly DailyVolume[], days: readonly string[]): [string, DayCount[]][] {
  const byType = new Map<string, Map<string, number>>();
  for (const { day, type, n } of rows) {
    const known = byType.get(type) ?? new Map<string, number>();
    byType.set(type, known.set(day, n));
  }
  const since = (counts: ReadonlyMap<string, number>): string[] =>
    days.slice(days.findIndex((day) => counts.has(day)));
  const volumes = [...byType].map(([type, counts]): [string, DayCount[]] => [
    `events: ${type}`,
    since(counts).map((day) => ({ count: counts.get(day) ?? 0 })),
  ]);
  const sent = byType.get('sent');
  const rates = perSend.flatMap((type): [string, DayCount[]][] => {
    const counts = byType.get(type);
    if (!sent || !counts) return [];
    const on = (day: string): DayCount => {
      const of = sent.get(day) ?? 0;
      return of === 0 ? { count: 0, of } : { count: counts.get(day) ?? 0, of };
    };
    return [[`${type} per send`, since(sent).map(on)]];
  });
  return [...volumes, ...rates].filter(([, series]) => series.length > daysNeeded);
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

function spelled(value: number, isRate: boolean): string {
  return isRate ? `${(100 * value).toPrecision(3)} %` : Math.round(value).toLocaleString('en');
}
