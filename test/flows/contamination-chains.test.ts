import { beforeEach, describe, expect, it } from 'vitest';
import { selectLearnedInfos } from '../../src/database/learned-states.js';
import { findExperiment } from '../../src/flows/find-experiment.js';
import { loadArmModels } from '../../src/flows/load-arm-models.js';
import { registerSegment } from '../../src/flows/register-segment.js';
import { testContext, type TestContext } from '../support/context.js';
import { emptyTables } from '../support/database.js';
import { databaseForTests } from '../support/database-for-tests.js';
import {
  after,
  enrolled,
  foundAboutModels,
  learned,
  people,
  rulesOn,
  scored,
  started,
  startSpring,
} from './spring-models.js';

const database = databaseForTests();
let ctx: TestContext;

beforeEach(() => {
  ctx = testContext(database.knex);
});

const onScore = (name: string) => rulesOn({ trait: `score_${name}`, op: 'gte', value: 0.5 });
/** A model that learned so many days after the start, from the score of another where one is named. */
const model = (name: string, days: number, reads?: string) =>
  learned(ctx, after(days), { name, features: reads === undefined ? ['frequency'] : [`trait.score_${reads}`, 'frequency'] }); // prettier-ignore

async function scoreAndEnrol(source: string, trait: string, days: number): Promise<void> {
  ctx.setTime(after(days));
  await scored(ctx, source, people(40), trait);
  ctx.setTime(after(days + 0.1));
  await enrolled(ctx, people(40));
}

const overlap =
  'learned from what happened from 2025-12-01 until 2026-03-04, 3 days of this experiment, which started on 2026-03-01.';

describe('a model that reads what a contaminated one says', () => {
  it('is flagged with the way from the score that an arm looks at', async () => {
    const b = await model('b', -2, 'a');
    await startSpring(ctx, onScore('b'));
    await model('a', 3);
    await scoreAndEnrol(b, 'score_b', 6);
    const found = await foundAboutModels(ctx);
    expect(found?.severity).toBe('warning');
    expect(found?.text).toMatch(
      /^keen \(strategy [^ ]+@1\) looks at score_b, which was said by b\/1 of \d+ recipients; /,
    );
    expect(found?.text).toContain(`; b/1 reads score_a, which a/1 may have said; a/1 ${overlap} `);
    const learn = (name: string) => `postulate strategies learn ${name} --clock ${started}`;
    expect(found?.text).toContain(
      `(${learn('a')}; postulate strategies score a; ${learn('b')}; postulate strategies score b)`,
    );
    expect(found?.evidence['models']).toMatchObject([
      { arm: 'keen', model: 'a/1', until: after(3), path: [{ model: 'b/1', trait: 'score_a' }] },
    ]);
  });

  it('is followed over three models, each learned from the score of the one before', async () => {
    await model('a', -5);
    const b = await model('b', -4, 'a');
    const c = await model('c', -3, 'b');
    expect([b, c]).toEqual(['model:b/1', 'model:c/1']);
    await startSpring(ctx, onScore('c'));
    await scoreAndEnrol(c, 'score_c', 1);
    expect(await foundAboutModels(ctx)).toMatchObject({ severity: 'ok' });
    await learned(ctx, after(3), { name: 'a', features: ['frequency'] });
    // Said before a/2 was there, so nothing of it can be in what was read.
    expect(await foundAboutModels(ctx)).toMatchObject({ severity: 'ok' });
    // Nor where it was said anew of some of those who were enrolled before.
    ctx.setTime(after(5));
    await scored(ctx, c, people(20), 'score_c');
    expect(await foundAboutModels(ctx)).toMatchObject({ severity: 'ok' });
    ctx.setTime(after(6));
    await scored(ctx, c, people(80), 'score_c');
    ctx.setTime(after(6.1));
    await enrolled(ctx, people(80).slice(40));
    const found = await foundAboutModels(ctx);
    expect(found?.text).toContain(
      `; c/1 reads score_b, which b/1 may have said; b/1 reads score_a, which a/2 may have said; a/2 ${overlap} `,
    );
    expect(found?.evidence['models']).toMatchObject([
      { model: 'a/2', path: [{ model: 'c/1', trait: 'score_b' }, { model: 'b/1', trait: 'score_a' }] },
    ]); // prettier-ignore
  });

  it('ends where models read each other, and says no more of one that is flagged itself', async () => {
    await model('a', -4, 'b');
    const b = await model('b', -3, 'a');
    await startSpring(ctx, onScore('b'));
    await scoreAndEnrol(b, 'score_b', 1);
    expect(await foundAboutModels(ctx)).toMatchObject({ severity: 'ok' });
    await model('a', 3, 'b');
    ctx.setTime(after(4));
    await scored(ctx, b, people(80), 'score_b');
    ctx.setTime(after(4.1));
    await enrolled(ctx, people(80).slice(40));
    const found = await foundAboutModels(ctx);
    expect(found?.evidence['models']).toMatchObject([
      { model: 'a/2', path: [{ model: 'b/1', trait: 'score_a' }] },
    ]);
    const late = await model('b', 4.2, 'a');
    ctx.setTime(after(6));
    await scored(ctx, late, people(120), 'score_b');
    ctx.setTime(after(6.1));
    await enrolled(ctx, people(120).slice(80));
    const own = (await foundAboutModels(ctx))?.evidence['models'] as { model: string; path?: object[] }[];
    // Of some it may still be what b/1 said; what b/2 knows itself is not said once more of what it read.
    expect(own.map((one) => [one.model, one.path?.length ?? 0])).toEqual([['b/2', 0], ['a/2', 1]]); // prettier-ignore
    expect(own[1]?.path).toEqual([{ model: 'b/1', trait: 'score_a' }]);
  });

  it('is found behind a segment of its offers, not where the score was said after it was read', async () => {
    await registerSegment(ctx, { name: 'keen-ones', when: { trait: 'score_a', op: 'gte', value: 0.5 } });
    const offer = { key: 'x', outcome: { event: 'purchase' }, slots: { subject: 'x' } };
    const offers = [
      { ...offer, when: { segment: 'keen-ones' } },
      { ...offer, key: 'y' },
    ];
    const definition = { kind: 'next_best_offer', horizon: '14d', offers };
    const b = await learned(ctx, after(-2), { name: 'b', definition });
    await startSpring(ctx, rulesOn({ trait: 'score_b.x', op: 'gte', value: 0.5 }));
    await scoreAndEnrol(b, 'score_b.x', 2);
    await model('a', 3);
    expect(await foundAboutModels(ctx)).toMatchObject({ severity: 'ok' });
    ctx.setTime(after(5));
    await scored(ctx, b, people(80), 'score_b.x');
    ctx.setTime(after(5.1));
    await enrolled(ctx, people(80).slice(40));
    expect((await foundAboutModels(ctx))?.text).toContain(
      '; b/1 reads score_a, which a/1 may have said; a/1 ',
    );
  });
});

describe('a model that an arm decides by', () => {
  const behind = async (days: number) => {
    await emptyTables(database.knex);
    await startSpring(ctx, onScore('other'));
    await model('a', 3);
    await model('b', days, 'a');
    const info = (await selectLearnedInfos(ctx.db)).find(({ name }) => name === 'b');
    const experiment = await findExperiment(ctx, 'spring');
    const [factor] = experiment.factors;
    const levels = [{ ...factor!.levels[0]!, learned: info!.hash }];
    const found = await loadArmModels(ctx.db, { ...experiment, factors: [{ ...factor!, levels }] });
    return found.map(({ arm, model: one, path }) => ({ arm, model: one, path }));
  };

  it('has behind it those that had said scores by the time that it learned from', async () => {
    const own = { arm: 'plain', model: 'b/1', path: undefined };
    expect(await behind(2)).toEqual([own]);
    expect(await behind(4)).toEqual([
      own,
      { arm: 'plain', model: 'a/1', path: [{ model: 'b/1', trait: 'score_a' }] },
    ]);
  });
});
