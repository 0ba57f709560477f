import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/open.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { checkMatrix, matrixProblems } from '../../src/flows/check-matrix.js';
import { findExperiment } from '../../src/flows/find-experiment.js';
import { testContext, type TestContext } from '../support/context.js';
import { openTestDatabase } from '../support/database.js';
import { experiment, hello, subjects, template } from './templated.js';

let database: Database;
let ctx: TestContext;
beforeAll(async () => {
  database = await openTestDatabase();
  ctx = testContext(database.knex);
});
afterAll(() => database.close());

describe('templates of an experiment', () => {
  it('are pinned by hash, for all arms or on the levels of one factor', async () => {
    const [a, b] = [await template(ctx, hello), await template(ctx, `${hello}!`)];
    const whole = await findExperiment(ctx, await experiment(ctx, [subjects()], { template: a }));
    const hashes = whole.factors[0]?.levels.map(({ template: hash }) => hash);
    expect(hashes).toEqual([expect.stringMatching(/^sha256:/), hashes?.[0]]);
    const each = await findExperiment(ctx, await experiment(ctx, [subjects(a, b)]));
    expect(new Set(each.factors[0]?.levels.map(({ template: hash }) => hash)).size).toBe(2);
  });

  it('are refused where they are unknown, missing on a level, or owned twice', async () => {
    const a = await template(ctx, hello);
    const offers = {
      key: 'offer',
      levels: ['x', 'y'].map((key) => ({ key, slots: { offer: key }, template: a })),
    };
    for (const [factors, more, path] of [
      [[subjects('nothing@1')], {}, 'factors[0].levels[0].template'],
      [[subjects()], { template: 'nothing@1' }, 'template'],
      [[subjects(a, '')], {}, 'factors[0].levels[1].template'],
      [[subjects(a)], { template: a }, 'factors[0].levels[0].template'],
      [[subjects(a), offers], {}, 'factors[1].levels[0].template'],
    ] as const) {
      await expect(experiment(ctx, [...factors], more)).rejects.toMatchObject({
        code: 'invalid_experiment',
        problems: expect.arrayContaining([expect.objectContaining({ path })]),
      });
    }
  });
});

describe('the matrix before a start', () => {
  it('is green for a good template, and shows which blocks whom is shown', async () => {
    const reference = await template(
      ctx,
      `${hello}{% if user.vip %}<p>Early access</p>{% else %}<p>Join us</p>{% endif %}{% if user.inactive %}<p>We miss you</p>{% endif %}`,
      {
        tokens: {
          'user.first_name': { default: 'there' },
          'user.vip': { sample: true },
          'user.inactive': {},
        },
        profiles: { inactive: { title: 'Gone quiet', traits: { inactive: true } } },
      },
    );
    const matrix = await checkMatrix(
      ctx,
      await findExperiment(ctx, await experiment(ctx, [subjects(reference)])),
    );
    expect(matrix).toMatchObject({ ok: true, errors: 0, warnings: 0 });
    const [arm] = matrix?.arms ?? [];
    expect(arm?.modules.map(({ label }) => label)).toEqual([
      'if user.vip',
      'else of if user.vip',
      'if user.inactive',
    ]);
    const shown = Object.fromEntries((arm?.cells ?? []).map((cell) => [cell.sample.key, cell.shown]));
    expect(shown['rich']?.slice(0, 2)).toEqual([true, false]);
    expect(shown['empty']).toEqual([false, true, false]);
    expect(shown['inactive']).toEqual([false, true, true]);
  });

  it.each([
    ['a placeholder in a slot', hello, {}, { subject: 'Hi {tier1_anchor}' }, 'leftover'],
    ['a slot that no arm sets', `${hello}{{ slots.offer }}`, {}, {}, 'missing_slot'],
    [
      'a block that comes out blank',
      `${hello}{% if user.vip %}<p>{{ user.city }}</p>{% endif %}`,
      { 'user.vip': { sample: true }, 'user.city': { default: '' } },
      {},
      'blank_block',
    ],
    [
      'a layout that a condition breaks',
      `${hello}{% if user.vip %}<div>{% endif %}`,
      { 'user.vip': { sample: true } },
      {},
      'broken_layout',
    ],
    [
      'a link that leads nowhere for some',
      `${hello}<a href="{{ user.page }}">x</a>`,
      { 'user.page': { default: '', sample: 'https://shop.example' } },
      {},
      'not_rendered',
    ],
    ['a message that is cut off', `${hello}${'<p>0123456789</p>'.repeat(6_000)}`, {}, {}, 'too_large'],
    [
      'links that differ',
      `${hello}<a href="https://shop.example/{{ slots.subject | url_encode }}">x</a>`,
      {},
      {},
      'links_differ',
    ],
  ])('is red for %s, and forbids the start', async (_, body, tokens, slots, code) => {
    const all = { 'user.first_name': { default: 'there' }, ...tokens };
    const reference = await template(ctx, body, { tokens: all });
    const factor = subjects(reference);
    Object.assign(factor.levels[1]?.slots ?? {}, slots);
    const key = await experiment(ctx, [factor]);
    const matrix = await checkMatrix(ctx, await findExperiment(ctx, key));
    const found = matrix?.arms.flatMap(({ findings, cells }) => [
      ...findings,
      ...cells.flatMap((cell) => cell.findings),
    ]);
    expect(found?.filter(({ severity }) => severity === 'error').map((one) => one.code)).toContain(code);
    expect(matrixProblems(matrix ?? { ok: true, errors: 0, warnings: 0, arms: [] }).length).toBeGreaterThan(
      0,
    );
    await expect(changeStatus(ctx, key, 'start')).rejects.toMatchObject({
      code: 'not_ready',
      problems: expect.arrayContaining([expect.objectContaining({ path: 'template' })]),
    });
    expect((await findExperiment(ctx, key)).status).toBe('draft');
  });

  it('lets links differ where that is declared', async () => {
    const body = `${hello}<a href="https://shop.example/{{ slots.subject | url_encode }}">x</a>`;
    const reference = await template(ctx, body, { linksMayDiffer: true });
    expect(
      await checkMatrix(ctx, await findExperiment(ctx, await experiment(ctx, [subjects(reference)]))),
    ).toMatchObject({ ok: true });
  });

  it('warns of a slot that nobody sees, and of arms that are alike', async () => {
    const reference = await template(ctx, hello, { subject: 'Spring' });
    const matrix = await checkMatrix(
      ctx,
      await findExperiment(ctx, await experiment(ctx, [subjects(reference)])),
    );
    expect(matrix?.ok).toBe(true);
    expect(matrix?.arms.map(({ findings }) => findings.map(({ code }) => code))).toEqual([
      ['unseen_slot'],
      ['unseen_slot', 'same_message'],
    ]);
  });

  it('exercises fallbacks', async () => {
    const reference = await template(ctx, `${hello}{{ slots.offer }}`);
    const rules = {
      kind: 'rules',
      rules: [
        { id: 'vip', when: { trait: 'vip', op: 'eq', value: true }, slots: { subject: 'VIP', offer: 'x' } },
      ],
    };
    const level = (fallback: object) => ({ key: 'ruled', strategy: rules, fallback, template: reference });
    const plain = {
      key: 'plain',
      strategy: { kind: 'static', slots: { subject: 'S', offer: 'o' } },
      template: reference,
    };
    const factors = (fallback: object) => [{ key: 'strategy', levels: [plain, level(fallback)] }];
    const good = await checkMatrix(
      ctx,
      await findExperiment(ctx, await experiment(ctx, factors({ subject: 'F', offer: 'f' }))),
    );
    expect(
      good?.arms[1]?.cells
        .filter(({ delivered }) => delivered === 'fallback')
        .map(({ sample }) => sample.key),
    ).toEqual(expect.arrayContaining(['rich-fallback', 'empty-fallback', 'empty']));
    expect(good?.ok).toBe(true);
    const bad = await checkMatrix(
      ctx,
      await findExperiment(ctx, await experiment(ctx, factors({ subject: 'F', offer: '{left_over}' }))),
    );
    expect(bad?.ok).toBe(false);
  });

  it('has nothing to do with experiments without templates', async () => {
    expect(
      await checkMatrix(ctx, await findExperiment(ctx, await experiment(ctx, [subjects()]))),
    ).toBeUndefined();
  });
});
