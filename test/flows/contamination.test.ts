import { beforeEach, describe, expect, it } from 'vitest';
import { registerSegment } from '../../src/flows/register-segment.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';
import {
  after,
  enrolled,
  foundAboutModels,
  learned,
  people,
  plain,
  rulesOn,
  scored,
  startSpring,
} from './spring-models.js';
import { hello, template } from './templated.js';

const database = databaseForTests();
let ctx: TestContext;

beforeEach(() => {
  ctx = testContext(database.knex);
});

const model = (until: string) => learned(ctx, until);
const score = (source: string, ids: readonly string[], trait?: string) => scored(ctx, source, ids, trait);
const start = (strategy: object | string, more?: object, level?: object) => startSpring(ctx, strategy, more, level); // prettier-ignore
const enrol = (ids: readonly string[]) => enrolled(ctx, ids);
const finding = () => foundAboutModels(ctx);

describe('a score that rules look at', () => {
  it('is flagged where its model learned while the experiment ran, with the recipients who had it when they were enrolled', async () => {
    await start(rulesOn({ trait: 'score_keen', op: 'gte', value: 0.5 }));
    const source = await model(after(9.5));
    ctx.setTime(after(10));
    await score(source, people(40));
    ctx.setTime(after(10.1));
    const answers = await enrol(people(40));
    const keen = answers.filter((one) => 'arm' in one && one.arm === 'keen').length;
    expect(await finding()).toMatchObject({
      severity: 'warning',
      text: expect.stringMatching(
        new RegExp(
          `^keen \\(strategy [^ ]+@1\\) looks at score_keen, which was said by keen/1 of ${keen} recipients; keen/1 learned from what happened from 2025-12-01 until 2026-03-10, 9 days of this experiment, which started on 2026-03-01\\.`,
        ),
      ),
      evidence: {
        models: [{ arm: 'keen', model: 'keen/1', until: after(9.5), score: { recipients: keen } }],
      },
    });
  });

  it('is not where its model learned from before the start only, or is read by nobody', async () => {
    const source = await model(after(-1));
    await score(source, people(40));
    await start(rulesOn({ trait: 'score_keen', op: 'gte', value: 0.5 }));
    await enrol(people(40));
    expect(await finding()).toMatchObject({ severity: 'ok' });
    // Scored after the last was enrolled, by a model that would be flagged: nobody was decided for by it.
    const late = await model(after(9));
    ctx.setTime(after(10));
    await score(late, people(40));
    expect(await finding()).toMatchObject({ severity: 'ok' });
  });

  it('is flagged as possible where a later score stands in its place', async () => {
    await start(rulesOn({ trait: 'score_keen', op: 'gte', value: 0.5 }));
    const first = await model(after(2));
    await score(first, people(40));
    ctx.setTime(after(3));
    await enrol(people(40));
    const second = await model(after(5));
    await score(second, people(40));
    const found = await finding();
    expect(found?.text).toMatch(/may have been said by keen\/1 of \d+ recipients whose score was said anew/);
    expect(found?.evidence).toMatchObject({ models: [{ model: 'keen/1', score: { recipients: 0 } }] });
  });

  it('is found behind a segment of a segment, and where it is one of several', async () => {
    await registerSegment(ctx, { name: 'keen-ones', when: { trait: 'score_keen.x', op: 'gte', value: 0.5 } });
    await registerSegment(ctx, { name: 'inner', when: { all: [{ segment: 'keen-ones' }] } });
    await start(rulesOn({ segment: 'inner' }));
    const source = await model(after(2));
    await score(source, people(40), 'score_keen.x');
    await enrol(people(40));
    expect((await finding())?.text).toMatch(/looks at score_keen\.x, which was said by keen\/1/);
  });

  it('is no trait that a sender gave under such a name', async () => {
    await start(rulesOn({ trait: 'score_keen', op: 'gte', value: 0.5 }));
    await model(after(2));
    await score('crm', people(40));
    await enrol(people(40));
    expect(await finding()).toBeUndefined();
  });
});

describe('a score that something else looks at', () => {
  it('is flagged in a template, whenever it was said', async () => {
    const tokens = { 'user.first_name': { default: 'there' }, 'user.score_keen': { default: 0, sample: 1 } };
    const body = `${hello}{% if user.score_keen > 0.5 %}For you{% endif %}`;
    const level = { template: await template(ctx, body, { tokens }) };
    await start(plain, {}, level);
    await enrol(people(40));
    const source = await model(after(2));
    await score(source, people(40));
    const found = await finding();
    expect(found?.severity).toBe('warning');
    expect(found?.text).toMatch(/keen \(template t\d+@1\) looks at score_keen, which was said by keen\/1 of/);
    expect(found?.text).toMatch(/plain \(template/);
  });

  it('is noted in cohorts, by the trait and by a segment', async () => {
    await registerSegment(ctx, { name: 'keen-ones', when: { trait: 'score_keen', op: 'gte', value: 0.5 } });
    await start(plain, { cohorts: ['score_keen', { segment: 'keen-ones' }] });
    const source = await model(after(2));
    await score(source, people(40));
    await enrol(people(40));
    const found = await finding();
    expect(found).toMatchObject({
      severity: 'notice',
      evidence: { models: [{ model: 'keen/1', score: { recipients: 40 } }, { score: { recipients: 40 } }] },
    });
    expect(found?.text).toMatch(/The cohort score_keen looks .* The cohort segment:keen-ones looks /);
  });
});
