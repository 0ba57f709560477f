import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { binomialTable, chance, drawFrom } from '../../bench/evidence/chance.js';
import { studies } from '../../bench/evidence/studies.js';
import { counted, toMarkdown } from '../../bench/evidence/study.js';
import { binomial } from '../../src/statistics/distributions/binomial.js';

const page = readFileSync(new URL('../../docs/statistics-evidence.md', import.meta.url), 'utf8');

describe('docs/statistics-evidence.md', () => {
  it('has a section for every study, and the seed', () => {
    const titles = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    expect(titles).toEqual(studies.map(({ title }) => title));
    expect(page).toMatch(/Seed: \d+\./);
  });

  it.each(studies.filter(({ runs }) => runs === 0))(
    'says of $id what counting every outcome gives',
    (study) => {
      expect(page).toContain(toMarkdown(study, study.rows(chance(0))));
    },
  );
});

describe('chance', () => {
  it('is the same for the same seed and differs for another', () => {
    const draws = (seed: number) => {
      const random = chance(seed);
      return Array.from({ length: 5 }, () => random.uniform());
    };
    expect(draws(1)).toEqual(draws(1));
    expect(draws(1)).not.toEqual(draws(2));
  });

  it('has the moments of a uniform and of a normal variable', () => {
    const random = chance(3);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const uniform = Array.from({ length: 100_000 }, () => random.uniform());
    const normal = Array.from({ length: 100_000 }, () => random.normal());
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(0.004);
    expect(Math.abs(mean(normal))).toBeLessThan(0.013);
    expect(Math.abs(mean(normal.map((z) => z * z)) - 1)).toBeLessThan(0.02);
  });

  it('draws counts with the mean and spread of the binomial distribution', () => {
    const draw = drawFrom(binomialTable(20_000, 0.01, binomial.logPmf));
    const random = chance(4);
    const counts = Array.from({ length: 20_000 }, () => draw(random));
    const mean = counts.reduce((sum, k) => sum + k, 0) / counts.length;
    const variance = counts.reduce((sum, k) => sum + (k - mean) ** 2, 0) / counts.length;
    expect(Math.abs(mean - 200)).toBeLessThan(0.5);
    expect(Math.abs(variance - 198)).toBeLessThan(9);
  });

  it('does not take a share of none for certain', () => {
    expect(counted(0, 1000).error).toBeGreaterThan(0);
  });
});
