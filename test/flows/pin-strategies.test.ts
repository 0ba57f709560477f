import { beforeEach, describe, expect, it } from 'vitest';
import { exampleDraft } from '../../src/experiments/example-draft.js';
import { changeActivation, type ActivationChange } from '../../src/flows/change-activation.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { findExperiment, listExperiments } from '../../src/flows/find-experiment.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';

let ctx: TestContext;
const database = databaseForTests();
beforeEach(() => {
  ctx = testContext(database.knex);
});

const offer = (text: string) => ({ kind: 'static', slots: { offer: text } });

/** Three versions of the strategy `offer`. */
async function register(): Promise<string[]> {
  const made: string[] = [];
  for (const text of ['A', 'B', 'C']) {
    made.push((await registerStrategy(ctx, { name: 'offer', definition: offer(text) })).hash);
  }
  return made;
}

const change = (what: ActivationChange, version?: number) =>
  changeActivation(ctx, what, 'offer', version === undefined ? {} : { version }, 'Ana');

let made = 0;
/** Hashes that the two arms of a new draft are pinned to. */
async function draftOf(...strategies: readonly unknown[]): Promise<(string | undefined)[]> {
  const levels = strategies.map((strategy, i) => ({ key: `l${i}`, strategy }));
  const { factors } = await createExperiment(ctx, {
    ...exampleDraft,
    key: `draft-${(made += 1)}`,
    factors: [{ key: 'strategy', levels }],
    control: 'l0',
    weights: strategies.map(() => 1),
  });
  return factors[0]?.levels.map(({ strategy }) => strategy) ?? [];
}

const refusal = async (strategy: unknown): Promise<string> => {
  const error = (await draftOf(offer('other'), strategy).catch((thrown: unknown) => thrown)) as {
    problems?: { path: string; message: string }[];
  };
  expect(error.problems).toHaveLength(1);
  expect(error.problems?.[0]?.path).toBe('factors[0].levels[1].strategy');
  return error.problems?.[0]?.message ?? '';
};

describe('a strategy that a draft names', () => {
  it('is the active version where it is a name alone, and stays pinned to it', async () => {
    const [first, second] = await register();
    await change('activate', 2);
    expect(await draftOf('offer', 'offer@1')).toEqual([second, first]);
    const pinned = `draft-${made}`;
    await change('activate', 1);
    expect(await draftOf('offer', offer('other'))).toEqual([first, expect.stringMatching(/^sha256:/)]);
    const { factors } = await findExperiment(ctx, pinned);
    expect(factors[0]?.levels[0]?.strategy).toBe(second);
  });

  it('may be any version while one of its name is active, or none was ever', async () => {
    const [first, second, third] = await register();
    expect(await draftOf('offer@1', 'offer@3')).toEqual([first, third]);
    await change('activate', 1);
    await change('activate', 2);
    expect(await draftOf('offer@1', second)).toEqual([first, second]);
  });

  it('is refused as a name alone where no version is active, saying what to do', async () => {
    await register();
    expect(await refusal('offer')).toBe(
      'no version of "offer" is active; make one active by POST /v1/strategies/offer/activate, or name a version, such as "offer@3"',
    );
    expect(await refusal('nobody')).toBe(
      'no strategy is called "nobody"; register it first, by POST /v1/strategies',
    );
    expect(await refusal('offer@9')).toMatch(/"offer@9"; there are versions 1 to 3 of that name$/);
  });

  it('is refused when it is retired, under whatever reference, until it is active again', async () => {
    const [first, , third] = await register();
    await change('activate', 1);
    await change('retire');
    const remedy = /retired; make .* active again by POST \/v1\/strategies\/offer\/activate/;
    for (const reference of ['offer', 'offer@1', first]) expect(await refusal(reference)).toMatch(remedy);
    expect(await draftOf('offer@3', offer('other'))).toContain(third);
    await change('activate', 1);
    expect(await draftOf('offer', 'offer@3')).toEqual([first, third]);
  });

  it.each([5, '', 'a\0b', '\ud800', 'x'.repeat(300), null, [], 'offer@', '@1', 'offer@1@2', 'sha256:zz'])(
    'is refused with its path as %j, and nothing is stored',
    async (reference) => {
      await refusal(reference);
      expect(await listExperiments(ctx)).toEqual([]);
    },
  );
});
