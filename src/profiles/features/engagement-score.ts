import type { Behaviour, History } from '../history.js';
import type { Feature } from './feature.js';
import { countsAsHuman } from './human.js';
import { day, dayOf, earlier, eventsIn, nextToLeave, nextWholeDay, wholeDays } from './window.js';

/** How an engagement score is made. */
export interface ScoreDeclaration {
  /** Points by event type; below 0 for what speaks against interest. */
  readonly weights: Readonly<Record<string, number>>;
  readonly windowDays?: number;
  /** An event is worth half as much after so many days, by whole days of its age. */
  readonly halfLifeDays?: number;
}

export const usualScore: ScoreDeclaration = {
  weights: {
    view: 1,
    opened: 2,
    click: 2,
    clicked: 3,
    cart: 5,
    purchase: 10,
    unsubscribed: -10,
    complained: -20,
  },
  windowDays: 90,
};

export const decayedScore: ScoreDeclaration = { ...usualScore, windowDays: 365, halfLifeDays: 30 };

export interface ScoredEvent {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  /** To a thousandth. */
  readonly points: number;
}

export interface ScoreExplained {
  readonly score: number;
  /** The events that count; their points add up to the score. */
  readonly events: readonly ScoredEvent[];
  /** Opens and clicks that are left out because no human is known to be behind them. */
  readonly byMachines: number;
}

/**
 * Points for what somebody did, event by event. Everything is counted in whole thousandths, so that the points add up to the
 * score in any order.
 */
export function engagementScore(
  history: History,
  clock: number,
  declared: ScoreDeclaration = usualScore,
): ScoreExplained {
  const looked = lookedAt(history, clock, declared);
  const human = looked.filter(countsAsHuman);
  const thousandths = human.map((event) => thousandthsOf(event, clock, declared));
  return {
    score: thousandths.reduce((sum, one) => sum + one, 0) / 1_000,
    events: human.map(({ id, type, at }, i) => ({ id, type, at, points: (thousandths[i] ?? 0) / 1_000 })),
    byMachines: looked.length - human.length,
  };
}

function lookedAt(history: History, clock: number, { weights, windowDays }: ScoreDeclaration): Behaviour[] {
  const types = Object.keys(weights);
  return eventsIn(history, clock, { types, ...(windowDays !== undefined && { windowMs: windowDays * day }) });
}

function thousandthsOf(
  { type, at }: Behaviour,
  clock: number,
  { weights, halfLifeDays }: ScoreDeclaration,
): number {
  const weight = Object.hasOwn(weights, type) ? (weights[type] ?? 0) : 0;
  const left = halfLifeDays === undefined ? 1 : 0.5 ** (wholeDays(at, clock) / halfLifeDays);
  return Math.round(weight * left * 1_000);
}

/** The score as a feature under a name of its own. */
export function scoreFeature(name: string, title: string, declared: ScoreDeclaration): Feature {
  const { weights, windowDays, halfLifeDays } = declared;
  const windowMs = windowDays === undefined ? undefined : windowDays * day;
  return {
    name,
    title,
    meaning:
      'Points for what somebody did, event by event, less points for what speaks against interest. What machines did counts nothing.',
    unit: 'points',
    needs: { types: Object.keys(weights), ...(windowMs !== undefined && { lookbackMs: windowMs }) },
    value: (history, clock) => engagementScore(history, clock, declared).score,
    changesAt: (history, clock) => {
      const events = lookedAt(history, clock, declared).filter(countsAsHuman);
      const leaves = nextToLeave(events, windowMs);
      if (halfLifeDays === undefined) return leaves;
      return events.reduce((soonest, { at }) => earlier(soonest, nextWholeDay(at, clock)), leaves);
    },
    explain: (history, clock) => explainScore(engagementScore(history, clock, declared)),
  };
}

const mostLines = 50;

function explainScore({ events, byMachines }: ScoreExplained): string[] {
  const newest = events.slice(-mostLines).reverse();
  const lines = newest.map(({ type, at, points }) => `${type} on ${dayOf(at)}: ${signed(points)}`);
  const older = events.slice(0, -mostLines);
  if (older.length > 0) {
    const points = older.reduce((sum, one) => sum + Math.round(one.points * 1_000), 0) / 1_000;
    lines.push(`${older.length} older ones: ${signed(points)}`);
  }
  if (byMachines > 0)
    lines.push(
      `left out: ${byMachines} ${byMachines === 1 ? 'open or click' : 'opens and clicks'} of machines`,
    );
  return lines.length === 0 ? ['nothing that counts'] : lines;
}

function signed(points: number): string {
  return points < 0 ? `−${-points}` : `+${points}`;
}

export const engagementScoreFeature = scoreFeature(
  'engagement_score',
  'engagement score of 90 days',
  usualScore,
);
export const decayedScoreFeature = scoreFeature(
  'engagement_score_decayed',
  'engagement score of a year that halves every 30 days',
  decayedScore,
);
