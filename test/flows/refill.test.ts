import { beforeEach, describe, expect, it } from 'vitest';
import { selectCells } from '../../src/database/cells.js';
import type { ArmSums } from '../../src/reports/experiment-input.js';
import { askCohort } from '../../src/flows/ask-cohort.js';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { findExperiment } from '../../src/flows/find-experiment.js';
import { loadReport, toArmSums } from '../../src/flows/load-report.js';
import { rebuild } from '../../src/flows/rebuild.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { requestRefill, runRefills } from '../../src/flows/refill.js';
import { reportSums } from '../../src/database/questions/report-sums.js';
import { testContext, type TestContext } from '../support/context.js';
import { emptyTables } from '../support/database.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { storedCells } from './any-history.js';
import { startExample } from './campaign.js';

let ctx: TestContext;
let key: string;

const database = databaseForTests();
beforeEach(async () => {
  ctx = testContext(database.knex);
  key = await startExample(ctx);
});

const metric = { key: 'views', type: 'mean', event: 'view', role: 'secondary' };
const long = '😀'.repeat(40);
const plans = ['basic', 'pro', 'free', '', 'x'.repeat(65), long];
const people = Array.from({ length: 24 }, (_, i) => ({
  id: `p${i}`,
  traits: { ...(i % 8 !== 7 && { plan: plans[i % plans.length]! }), vip: i % 3 === 0, age: i % 4 },
}));

/** Enrols everybody and lets a view and some orders happen. */
async function live(experiment: string): Promise<void> {
  await assignRecipients(ctx, experiment, people);
  const at = '2026-03-02T10:00:00Z';
  const events = people.flatMap(({ id }, i) => [
    { id: `v${i}`, type: 'view', recipient: id, at },
    ...(i % 2
      ? [{ id: `o${i}`, type: 'purchase', recipient: id, at, value: `${i}.5`, currency: 'EUR' }]
      : []),
  ]);
  await recordEvents(ctx, events);
}

async function expectSound(): Promise<void> {
  for (const { differences } of await rebuild(ctx)) expect(differences).toEqual([]);
}

describe('a metric that is added', () => {
  it('has the cells that it would have had from the start', async () => {
    await live(key);
    const id = await requestRefill(ctx, key, { metric });
    expect((await findExperiment(ctx, key)).metrics, 'until it is done nothing has changed').toHaveLength(4);
    expect(await runRefills(ctx)).toEqual([{ id, experiment: key, recipients: 24 }]);
    expect(await runRefills(ctx)).toEqual([]);
    const added = await storedCells(database.knex, [key]);
    await expectSound();
    const { metrics } = await findExperiment(ctx, key);
    await emptyTables(database.knex);
    ctx = testContext(database.knex);
    const { exampleDraft } = await import('../../src/experiments/example-draft.js');
    await startExample(ctx, { metrics: [...exampleDraft.metrics, metric] });
    await live(key);
    expect(await storedCells(database.knex, [key])).toEqual(added);
    expect((await findExperiment(ctx, key)).metrics).toEqual(metrics);
    expect((await loadReport(ctx, key)).metrics.map((one) => one.key)).toContain('views');
  });

  it('is refused with every problem where it cannot be added', async () => {
    const bad = [
      [{ metric: { ...metric, key: 'order' } }, 'key'],
      [{ metric: { ...metric, role: 'primary' } }, 'role'],
      [{ metric: { key: 'x' } }, ''],
      [{ metric: 'nonsense' }, ''],
      [{ cohort: 'country' }, 'trait'],
      [{ cohort: 7 }, ''],
    ] as const;
    for (const [addition, path] of bad) {
      const refused = await requestRefill(ctx, key, addition).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'invalid_addition' });
      if (path) expect(JSON.stringify(refused)).toContain(path);
    }
    await expect(requestRefill(ctx, 'nothing', { metric })).rejects.toMatchObject({
      code: 'experiment_not_found',
    });
    expect(await database.knex('refills')).toEqual([]);
  });

  it('twice is added once, and the second is told why it was not', async () => {
    await live(key);
    await requestRefill(ctx, key, { metric });
    await requestRefill(ctx, key, { metric });
    const results = (await Promise.all([runRefills(ctx), runRefills(ctx)])).flat();
    expect(results.filter((one) => one.error === undefined)).toMatchObject([{ recipients: 24 }]);
    expect(results.filter((one) => one.error !== undefined)).toMatchObject([
      { recipients: 0, error: expect.stringContaining('already') as string },
    ]);
    expect(await database.knex('refills').whereNull('finished_at')).toEqual([]);
    expect((await findExperiment(ctx, key)).metrics).toHaveLength(5);
    await expectSound();
  });

  it('is done from the start after an interruption, which leaves everything as it was', async () => {
    await live(key);
    const before = await storedCells(database.knex, [key]);
    await requestRefill(ctx, key, { metric });
    let batches = 0;
    const interrupt = () => {
      batches += 1;
      throw new Error('interrupted');
    };
    await expect(runRefills(ctx, interrupt)).rejects.toThrow('interrupted');
    expect(batches).toBe(1);
    expect(await storedCells(database.knex, [key])).toEqual(before);
    expect((await findExperiment(ctx, key)).metrics).toHaveLength(4);
    await recordEvents(ctx, [{ id: 'late', type: 'view', recipient: 'p0', at: '2026-03-02T10:00:00Z' }]);
    expect(await runRefills(ctx)).toMatchObject([{ recipients: 24 }]);
    const views = (await selectCells(database.knex, key)).filter(
      (cell) => cell.metric === 'views' && cell.cohort === '',
    );
    expect(views.reduce((sum, cell) => sum + cell.sums.sum, 0n)).toBe(25n);
    await expectSound();
  });
});

describe('a cohort that is asked for afterwards', () => {
  const sorted = (groups: readonly ArmSums[]) =>
    groups
      .map((group) =>
        JSON.stringify(group, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
      )
      .sort();

  it.each([['plan'], ['vip'], ['age'], ['nothing'], [{ trait: 'plan', values: ['basic', 'pro'] }]])(
    'is what it would have been had it been declared: %j',
    async (cohort) => {
      const trait = typeof cohort === 'string' ? cohort : cohort.trait;
      const declared = await startExample(ctx, { key: 'declared', salt: 'test-salt', cohorts: [cohort] });
      await live(declared);
      const cells = async (experiment: string) => {
        const sums = await reportSums(database.knex, experiment);
        return sorted(
          toArmSums(
            await findExperiment(ctx, experiment),
            sums.filter((one) => one.cohort === trait),
          ),
        );
      };
      const expected = await cells(declared);
      expect(expected.length).toBeGreaterThan(0);
      expect(sorted(await askCohort(ctx, declared, cohort))).toEqual(expected);
      await assignRecipients(ctx, key, people);
      const asked = sorted(await askCohort(ctx, key, cohort));
      expect(asked, 'the same arms, because of the same salt').toEqual(expected);
      await requestRefill(ctx, key, { cohort });
      await runRefills(ctx);
      expect(await cells(key)).toEqual(asked);
      await expectSound();
    },
  );

  it('knows nothing that became known after the enrolment', async () => {
    await live(key);
    ctx.setTime('2026-03-05T00:00:00Z');
    const other = await startExample(ctx, { key: 'later', salt: 'other' });
    await assignRecipients(
      ctx,
      other,
      people.map(({ id }) => ({ id, traits: { colour: 'red' } })),
    );
    const values = (await askCohort(ctx, key, 'colour')).map((group) => group.cohortValue);
    expect(new Set(values)).toEqual(new Set(['(unknown)']));
    expect(new Set((await askCohort(ctx, other, 'colour')).map((group) => group.cohortValue))).toEqual(
      new Set(['red']),
    );
  });

  it('must be a cohort', async () => {
    for (const cohort of [7, '', {}, { trait: '' }, null]) {
      await expect(askCohort(ctx, key, cohort), JSON.stringify(cohort)).rejects.toMatchObject({
        code: 'invalid_cohort',
      });
    }
    await expect(askCohort(ctx, 'nothing', 'plan')).rejects.toMatchObject({ code: 'experiment_not_found' });
  });
});
