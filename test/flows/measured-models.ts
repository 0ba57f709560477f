import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Context } from '../../src/flows/context.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import type { Measure } from '../../src/strategies/model-report.js';
import { popularKind } from '../../src/strategies/popular.js';
import type { Json, Learned, StrategyKind } from '../../src/strategies/strategy.js';
import { emptyTables } from '../support/database.js';
import { type Harness, openHarness } from '../web/web-harness.js';
import { longReport } from './long-report.js';
import { fillShop, popular } from './shop.js';

/** Best sellers of a shop, as a kind whose models are as good as a test says, for the life of a model. */

type Kind = { -readonly [K in keyof StrategyKind<unknown>]: StrategyKind<unknown>[K] };
export const kind = popularKind as unknown as Kind;
export const learn = kind.learn!;
const watch = kind.watch!;

/** The app on a database that is emptied before each test, at nine on 1 March; the kind is itself again after each. */
export function harnessForModels(): () => Harness {
  let h: Harness;
  beforeAll(async () => {
    h = await openHarness();
  });
  afterAll(() => h.database.close());
  beforeEach(async () => {
    await emptyTables(h.database.knex);
    day(h, 1);
  });
  afterEach(() => {
    kind.learn = learn;
    delete kind.measure;
    kind.watch = watch;
  });
  return () => h;
}

export const day = ({ ctx }: Harness, n: number): void =>
  ctx.setTime(`2026-03-${String(n).padStart(2, '0')}T09:00:00.000Z`);

/** Lets the kind be as good as said: the model that was learned on a day, and what a model sees. */
export function measured(worth: (learnedOn: string) => Partial<Measure> | number): void {
  kind.learn = (...args) => {
    const learned = learn(...args) as Learned;
    const day = args[2].toISOString().slice(0, 10);
    const state = { ...(learned.state as Record<string, Json>), day };
    return {
      state,
      report: {
        ...learned.report,
        ...longReport,
        measures: [auc(worth(day)), ...longReport.measures.slice(1)],
      },
    };
  };
  kind.measure = (_definition, state) => auc(worth((state as { day: string }).day));
}

export function auc(worth: Partial<Measure> | number): Measure {
  const own = { name: 'AUC', definition: 'Area under the ROC curve on the hold-out.' };
  if (typeof worth !== 'number') return { ...own, ...worth } as Measure;
  return { ...own, value: worth, interval: [worth - 0.01, worth + 0.01], higherIsBetter: true };
}

export async function shop(ctx: Context, recipients = 30): Promise<void> {
  await fillShop(ctx, recipients);
  await registerStrategy(ctx, { name: 'best-sellers', definition: popular });
  await takeSnapshot(ctx);
}
