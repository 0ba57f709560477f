import type { Problem } from '../../experiments/read-with.js';
import type { History } from '../history.js';
import type { Feature } from './feature.js';
import { day, dayOf, earlier, eventsIn } from './window.js';

/** Days since the last purchase, from one to below the next. */
export interface StageBand {
  readonly stage: string;
  readonly fromDays: number;
  /** Undefined: for ever. */
  readonly toDays?: number;
}

/**
 * How stages of the life of a customer are told apart. Who never bought is a `prospect`; whose first purchase is younger than
 * `newDays` is `new`; everybody else is in the band of their last purchase, those of the first band with enough orders
 * `loyal`.
 */
export interface LifecycleDeclaration {
  readonly newDays: number;
  readonly loyalOrders: number;
  readonly bands: readonly StageBand[];
}

export const usualLifecycle: LifecycleDeclaration = {
  newDays: 30,
  loyalOrders: 5,
  bands: [
    { stage: 'active', fromDays: 0, toDays: 90 },
    { stage: 'at_risk', fromDays: 90, toDays: 180 },
    { stage: 'lapsed', fromDays: 180, toDays: 365 },
    { stage: 'churned', fromDays: 365 },
  ],
};

const reserved = ['prospect', 'new', 'loyal'];
const longest = 36_500;

/** What is wrong with a declaration: every customer must be in exactly one stage. */
export function lifecycleProblems({ newDays, loyalOrders, bands }: LifecycleDeclaration): Problem[] {
  const problems: Problem[] = [];
  const say = (path: string, message: string): void => void problems.push({ path, message });
  if (!isDays(newDays)) say('newDays', `must be whole days from 0 to ${longest}`);
  if (!Number.isSafeInteger(loyalOrders) || loyalOrders < 1)
    say('loyalOrders', 'must be a whole number from 1 on');
  const [first] = bands;
  if (first === undefined) return [...problems, { path: 'bands', message: 'there must be at least one' }];
  if (first.fromDays !== 0) say('bands[0].fromDays', 'must be 0: nobody may fall below the first band');
  if (newDays > (first.toDays ?? Infinity)) {
    say(
      'newDays',
      `overlaps ${bands[1]?.stage ?? 'the next band'}: at most ${first.toDays} days, where ${first.stage} ends`,
    );
  }
  const names = new Set(reserved);
  bands.forEach((band, i) => {
    const path = `bands[${i}]`;
    if (!/^[a-z][a-z0-9_]{0,31}$/.test(band.stage)) say(`${path}.stage`, 'use 1 to 32 of a-z, 0-9 and _');
    else if (names.has(band.stage)) say(`${path}.stage`, `"${band.stage}" is the name of another stage`);
    names.add(band.stage);
    for (const message of seamProblems(band, bands[i + 1])) say(`${path}.toDays`, message);
  });
  return problems;
}

function seamProblems(band: StageBand, next: StageBand | undefined): string[] {
  const { stage, fromDays, toDays } = band;
  if (toDays === undefined) {
    return next === undefined
      ? []
      : [`is missing: ${stage} overlaps ${next.stage}, only the last band goes on for ever`];
  }
  if (!isDays(toDays) || toDays <= fromDays)
    return [`must be whole days above ${fromDays}, at most ${longest}`];
  if (next === undefined) return [`leaves a gap from ${toDays} days on: leave it out of the last band`];
  if (next.fromDays > toDays) return [`leaves a gap from ${toDays} to ${next.fromDays} days`];
  return next.fromDays < toDays ? [`overlaps ${next.stage}, which begins at ${next.fromDays} days`] : [];
}

function isDays(days: number): boolean {
  return Number.isSafeInteger(days) && days >= 0 && days <= longest;
}

export function stagesOf({ bands }: LifecycleDeclaration): string[] {
  return ['prospect', 'new', 'loyal', ...bands.map(({ stage }) => stage)];
}

/** The stage at a clock, by times to the millisecond. @throws RangeError where the declaration does not cover it. */
export function lifecycleStage(history: History, clock: number, declared: LifecycleDeclaration): string {
  const orders = eventsIn(history, clock, { types: ['purchase'] });
  const [first] = orders;
  const last = orders.at(-1);
  if (first === undefined || last === undefined) return 'prospect';
  if (clock - first.at < declared.newDays * day) return 'new';
  const age = clock - last.at;
  const index = declared.bands.findIndex(({ toDays }) => toDays === undefined || age < toDays * day);
  const band = declared.bands[index];
  if (band === undefined) throw new RangeError('the bands of the lifecycle end too early');
  return index === 0 && orders.length >= declared.loyalOrders ? 'loyal' : band.stage;
}

export function lifecycleFeatureOf(declared: LifecycleDeclaration): Feature {
  return {
    name: 'lifecycle_stage',
    title: 'stage of the life as a customer',
    meaning:
      'Who never bought is a prospect, who first bought lately is new; all others by the days since the last purchase and the number of orders.',
    values: stagesOf(declared),
    needs: { types: ['purchase'] },
    value: (history, clock) => lifecycleStage(history, clock, declared),
    changesAt: (history, clock) => {
      const orders = eventsIn(history, clock, { types: ['purchase'] });
      const [first] = orders;
      const last = orders.at(-1);
      if (first === undefined || last === undefined) return undefined;
      const ends = declared.bands.flatMap(({ toDays }) =>
        toDays === undefined ? [] : [last.at + toDays * day],
      );
      const times = [first.at + declared.newDays * day, ...ends].filter((at) => at > clock);
      return times.reduce<number | undefined>(earlier, undefined);
    },
    explain: (history, clock) => {
      const orders = eventsIn(history, clock, { types: ['purchase'] });
      const [first] = orders;
      const last = orders.at(-1);
      if (first === undefined || last === undefined) return ['never bought'];
      return [`${orders.length} orders, the first on ${dayOf(first.at)}, the last on ${dayOf(last.at)}`];
    },
  };
}

export const lifecycleFeature = lifecycleFeatureOf(usualLifecycle);
