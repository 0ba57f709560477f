import { eventTypes } from '../../experiments/experiment.js';
import { type ScoreDeclaration, scoreFeature } from './engagement-score.js';
import type { Feature } from './feature.js';
import {
  type LifecycleDeclaration,
  lifecycleFeatureOf,
  lifecycleProblems,
  type StageBand,
} from './lifecycle.js';

const longestName = 300;
const longestDays = 3_650;
const mostPoints = 1_000;

/**
 * `engagement_score(view 1, purchase 20)`, and last, if wanted, the days that count and after how many days an event is worth
 * half as much: `engagement_score(view 1, purchase 20, 365d, half 30d)`. Undefined where it says something else.
 */
export function declaredScore(name: string): Feature | undefined {
  const parts = partsIn(name, 'engagement_score');
  if (!parts) return undefined;
  const halfLifeDays = daysIn(/^half (\d+)d$/, parts);
  const windowDays = daysIn(/^(\d+)d$/, parts);
  const weights = new Map<string, number>();
  for (const part of parts) {
    const [, type = '', points] = /^([a-z_]+) (-?\d{1,4}(?:\.\d{1,2})?)$/.exec(part) ?? [];
    if (!isScored(type) || weights.has(type) || Math.abs(Number(points)) > mostPoints) return undefined;
    // No minus before zero.
    weights.set(type, Number(points) + 0);
  }
  if (weights.size === 0 || halfLifeDays === 0 || windowDays === 0) return undefined;
  const declared: ScoreDeclaration = {
    weights: Object.fromEntries([...weights].sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(windowDays !== undefined && { windowDays }),
    ...(halfLifeDays !== undefined && { halfLifeDays }),
  };
  const said = [
    ...Object.entries(declared.weights).map(([type, points]) => `${type} ${points}`),
    ...(windowDays === undefined ? [] : [`${windowDays}d`]),
    ...(halfLifeDays === undefined ? [] : [`half ${halfLifeDays}d`]),
  ].join(', ');
  return scoreFeature(`engagement_score(${said})`, `engagement score (${said})`, declared);
}

function isScored(type: string): boolean {
  return type !== 'void' && (eventTypes as readonly string[]).includes(type);
}

/**
 * `lifecycle_stage(new 30d, loyal 5, active 90d, at_risk 180d, churned)`: how long a customer is new, with how many orders
 * an active one is loyal, and until how many days since the last purchase each further stage lasts, the last one for ever.
 * Undefined where it says something else, or the stages leave a gap.
 */
export function declaredLifecycle(name: string): Feature | undefined {
  const [first = '', second = '', ...rest] = partsIn(name, 'lifecycle_stage') ?? [];
  const newDays = /^new (\d{1,5})d$/.exec(first)?.[1];
  const loyalOrders = /^loyal (\d{1,5})$/.exec(second)?.[1];
  if (newDays === undefined || loyalOrders === undefined) return undefined;
  const bands: StageBand[] = [];
  for (const part of rest) {
    const [, stage, toDays] = /^([a-z][a-z0-9_]*)(?: (\d{1,5})d)?$/.exec(part) ?? [];
    if (stage === undefined) return undefined;
    const fromDays = bands.length === 0 ? 0 : (bands.at(-1)?.toDays ?? 0);
    bands.push({ stage, fromDays, ...(toDays !== undefined && { toDays: Number(toDays) }) });
  }
  const declared: LifecycleDeclaration = {
    newDays: Number(newDays),
    loyalOrders: Number(loyalOrders),
    bands,
  };
  if (lifecycleProblems(declared).length > 0) return undefined;
  const stages = bands.map(({ stage, toDays }) => (toDays === undefined ? stage : `${stage} ${toDays}d`));
  const said = [`new ${declared.newDays}d`, `loyal ${declared.loyalOrders}`, ...stages].join(', ');
  const feature = lifecycleFeatureOf(declared);
  return { ...feature, name: `lifecycle_stage(${said})`, title: `${feature.title} (${said})` };
}

/** What stands between the brackets, with single spaces. */
function partsIn(name: string, verb: string): string[] | undefined {
  if (name.length > longestName || !name.startsWith(`${verb}(`) || !name.endsWith(')')) return undefined;
  const inside = name.slice(verb.length + 1, -1);
  return inside.split(',').map((part) => part.trim().replaceAll(/\s+/g, ' '));
}

/** Days that the last part says, taken off; undefined where it says none, 0 where they are too many. */
function daysIn(pattern: RegExp, parts: string[]): number | undefined {
  const days = pattern.exec(parts.at(-1) ?? '')?.[1];
  if (days === undefined) return undefined;
  parts.pop();
  return Number(days) > longestDays ? 0 : Number(days);
}
