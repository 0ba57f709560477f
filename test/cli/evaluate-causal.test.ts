import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PolicyEvaluation } from '../../src/flows/evaluate-policy.js';
import type { UpliftEvaluation } from '../../src/flows/evaluate-uplift.js';
import { decisions, log, options, trial } from '../support/causal-rows.js';
import { runInFolder } from '../support/command-line.js';
import { fileFolder } from '../support/file-folder.js';

const files = fileFolder();
const { file } = files;
const run = (...args: readonly string[]) => runInFolder(files.path, ['evaluate', ...args]);

describe('postulate evaluate uplift', () => {
  it('prints the protocol, the learners, the single columns and a verdict', async () => {
    const path = await file('trial.csv', trial);
    const { code, out } = await run(
      'uplift',
      path,
      ...options,
      '--features',
      'likes,noise',
      '--samples',
      '50',
    );
    expect(code).toBe(0);
    for (const part of ['PROTOCOL', 'LEARNERS', 'SINGLE COLUMNS', 'BY TENTH OF TWO-MODEL', 'VERDICT']) expect(out).toContain(part); // prettier-ignore
    expect(out).toMatch(/One column \(likes = shoes first\) (does as well as|ranks better than) two-model/);
    expect(out).toContain('rows 0, 2, 4, … of the file to learn from');
    expect(out).toMatch(
      /Qini, uplift AUC: area over the line of a random ranking, as a share of that of a perfect/,
    );
    expect(out).toMatch(/Uplift@30%: treated less control among the first floor\(n × 0\.3\)/);
  });

  it.each(['logistic', 'boosting'])('learns with %s and answers the same each time', async (estimator) => {
    const path = await file('trial.csv', trial);
    const ask = () => run('uplift', path, ...options, '--features', 'likes,noise', '--estimator', estimator, '--learner', 'class-transformation', '--samples', '20', '--split', 'random', '--json'); // prettier-ignore
    const { code, out, err } = await ask();
    expect([code, err]).toEqual([0, '']);
    expect((await ask()).out).toBe(out);
    const { learners, protocol } = JSON.parse(out) as UpliftEvaluation;
    expect(learners.map(({ name }) => name)).toEqual(['class-transformation']);
    expect(protocol.join(' ')).toContain('which flatters');
  });

  it('reads a file without a header when its columns are named', async () => {
    const path = await file('trial.csv', trial);
    const bare = await file(
      'bare.csv',
      trial.slice(1).map((line) => line.replaceAll(',', ';')),
    );
    const asked = [...options, '--features', 'likes,noise', '--samples', '20', '--learner', 'two-model', '--json']; // prettier-ignore
    const known = await run('uplift', path, ...asked);
    const found = await run('uplift', bare, ...asked, '--columns', trial[0] ?? '');
    expect(found.code).toBe(0);
    expect(found.out.replaceAll('bare.csv', 'trial.csv')).toBe(known.out);
    const policy = [
      ...['--action', 'arm', '--probability', '0.5', '--reward', 'noise'],
      ...['--policy', 'likes = shoes: mail; else: none', '--json'],
    ];
    const valued = await run('policy', bare, ...policy, '--columns', trial[0] ?? '');
    expect(valued.code).toBe(0);
    const before = await run('policy', path, ...policy);
    expect(valued.out.replaceAll('bare.csv', 'trial.csv')).toBe(before.out);
  });

  it('refuses a learner that cannot learn and gives the others', async () => {
    const none = trial.map((line) => (line.startsWith('none') ? line.replace('yes', 'no') : line));
    const path = await file('none.csv', none);
    const { out } = await run('uplift', path, ...options, '--features', 'likes', '--samples', '20', '--json');
    const { learners } = JSON.parse(out) as UpliftEvaluation;
    expect(learners[0]!.figures).toMatchObject({ refused: true, code: 'one_label' });
    expect(learners.at(-1)!.figures).toHaveProperty('qini');
  });
});

describe('postulate evaluate policy', () => {
  it('values rules and compares them with others', async () => {
    const path = await file('log.csv', log);
    const { code, out } = await run('policy', path, ...decisions, '--policy', 'age < 40: b; else: a', '--against', 'a'); // prettier-ignore
    expect(code).toBe(0);
    expect(out).toContain('shown to be better');
    const column = await run('policy', path, '--action', 'mail', '--probability', 'p', '--reward', 'visit', '--policy', 'age < 40: b; else: a', '--against', 'a'); // prettier-ignore
    expect(column.out.split('VALUE')[1]).toBe(out.split('VALUE')[1]);
  });

  it.each(['ips', 'snips', 'dr'])('by %s, with every figure stated', async (estimator) => {
    const path = await file('log.csv', log);
    const { out } = await run('policy', path, ...decisions, '--policy', '"age" >= 40: a; else: b', '--estimator', estimator, '--json'); // prettier-ignore
    const { policy } = JSON.parse(out) as PolicyEvaluation;
    expect(policy).toMatchObject({ estimator, value: { weights: { clipped: 0 } } });
    expect('value' in policy.value ? policy.value.value : 0).toBeCloseTo(2 / 3, 0);
  });

  it('shows nothing by five decisions that happen to favour the same policy', async () => {
    // b where age < 40 brought something five times, a there nothing; of all others both make the same.
    const rows = Array.from({ length: 600 }, (_, i) => {
      const [age, mail] = [i % 6 < 2 ? 30 : 50, i % 2 === 0 ? 'a' : 'b'];
      return `${mail},${age},${age === 30 ? Number(i < 30 && mail === 'b') : Number(i % 4 === 0)}`;
    });
    const path = await file('few.csv', ['mail,age,visit', ...rows]);
    const { out } = await run('policy', path, ...decisions, '--policy', 'age < 40: b; else: a', '--against', 'a', '--json'); // prettier-ignore
    const { against, verdict, cautions } = JSON.parse(out) as PolicyEvaluation;
    expect(against?.difference).toMatchObject({ carried: 5 });
    const { interval } = against?.difference as { readonly interval: readonly number[] };
    expect(interval[0]).toBeGreaterThan(0);
    expect(verdict).toBe('Not known which is better. As much as 5.0 decisions of equal reward carry the difference, too few to show anything.'); // prettier-ignore
    expect(cautions).toHaveLength(1);
  });

  it('learns a policy on some rows and values it on the others', async () => {
    const path = await file('log.csv', log);
    const { out } = await run('policy', path, ...decisions, '--policy', 'learned', '--against', 'a', '--features', 'age', '--split', 'random', '--least-effective', '30'); // prettier-ignore
    expect(out).toContain('150 of them valued');
    expect(out).toContain('shown to be better');
  });

  it('refuses a log with a few huge weights, and what was never done', async () => {
    const huge = log.map((line, i) => (i === 0 ? line : line.replace('0.5', i < 4 ? '0.00001' : '0.9')));
    const path = await file('huge.csv', huge);
    const few = await run('policy', path, '--action', 'mail', '--probability', 'p', '--reward', 'visit', '--policy', 'a'); // prettier-ignore
    expect([few.code, few.out]).toEqual([0, expect.stringContaining('few_effective')]);
    const never = await run('policy', path, ...decisions, '--policy', 'age < 40: c; else: a');
    expect(never.out).toContain('no_support');
  });

  it.each<[string, readonly string[], RegExp]>([
    ['no else', ['--policy', 'age < 40: b'], /everybody gets something/],
    ['a rule after else', ['--policy', 'else: a; age < 3: b'], /never be reached/],
    ['no comparison', ['--policy', 'young: b; else: a'], /is no comparison/],
    ['a rule without a condition', ['--policy', 'b; else: a'], /has no condition/],
    ['nothing', ['--policy', ' ; '], /There is no rule/],
    ['two colons', ['--policy', 'age < 40: b: c; else: a'], /two colons/],
    ['the reward as a condition', ['--policy', 'visit = 1: b; else: a'], /nobody knows before/],
    ['a learned policy without rows to learn from', ['--policy', 'learned'], /needs --features/],
  ])('refuses %s with a sentence', async (_, more, words) => {
    const path = await file('log.csv', log);
    const { code, err } = await run('policy', path, ...decisions, ...more);
    expect(code).toBe(1);
    expect(err).toMatch(words);
  });

  it('refuses a probability of 0 and a text among rewards', async () => {
    const path = await file('log.csv', log);
    const zero = await run('policy', path, ...decisions, '--probability', '0', '--policy', 'a');
    expect([zero.code, zero.err]).toEqual([2, expect.stringContaining('above 0')]);
    const words = await run('policy', path, '--action', 'age', '--probability', '0.5', '--reward', 'mail', '--policy', 'a'); // prettier-ignore
    expect([words.code, words.err]).toEqual([1, expect.stringContaining('must be a number')]);
  });
});

const hillstrom = join(import.meta.dirname, '../../../shared/data/hillstrom.csv.gz');

describe.skipIf(!existsSync(hillstrom))('on the published Hillstrom file', () => {
  const policy = 'womens=1 and mens=0: Womens E-Mail; else: Mens E-Mail';
  const ask = (...more: readonly string[]) =>
    run('policy', hillstrom, '--action', 'segment', '--against', 'Mens E-Mail', ...more);

  it('gives the published values and differences', async () => {
    const { out } = await ask('--probability', '0.333333', '--reward', 'visit', '--policy', policy);
    for (const figure of ['0.184233', '0.182757', '+0.002156', 'se 0.002664', 'z 0.81']) expect(out).toContain(figure); // prettier-ignore
    const spend = await ask('--probability', '1/3', '--reward', 'spend', '--policy', policy);
    expect(spend.out).toMatch(/\+0\.01129\d {2}se 0\.0941/);
  });

  it('gives the published values of a learned policy, which is not shown to be better', async () => {
    const learned = ['--policy', 'learned', '--learn-on', 'visit', '--split', 'even-odd', '--features', 'recency,history,mens,womens,newbie,zip_code,channel']; // prettier-ignore
    const visit = await ask('--probability', '1/3', '--reward', 'visit', ...learned);
    for (const figure of ['0.1847', '0.1823', 'not shown to be better']) expect(visit.out).toContain(figure);
    const spend = await ask('--probability', '1/3', '--reward', 'spend', ...learned);
    for (const figure of ['1.629', '1.813', 'not shown to be better']) expect(spend.out).toContain(figure);
  });

  it('says that one column does as well', async () => {
    const { out } = await run('uplift', hillstrom, '--arm', 'segment', '--treated', 'Womens E-Mail', '--control', 'No E-Mail', '--outcome', 'visit', '--features', 'recency,history,mens,womens,newbie,zip_code,channel', '--learner', 'two-model', '--learner', 'class-transformation', '--samples', '60'); // prettier-ignore
    expect(out).toMatch(/class-transformation +0\.0571 .* 0\.0259 .* 0\.0752/);
    expect(out).toMatch(/two-model +0\.0650 .* 0\.0297 .* 0\.0795/);
    expect(out).toMatch(/womens, highest first +0\.0678 .* 0\.0311 .* 0\.0778/);
    expect(out).toMatch(/history, highest first +-0\.0053 .* -0\.0026 .* 0\.0452/);
    expect(out).toContain('One column (womens, highest first) does as well as two-model');
  });
});
