import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInMetrics, builtInNames } from '../../src/experiments/built-in-metrics.js';
import { describeMetric } from '../../src/experiments/describe-metric.js';
import { exampleDraft } from '../../src/experiments/example-draft.js';
import { startProblems } from '../../src/experiments/lifecycle.js';
import { parseDraft } from '../../src/experiments/parse-draft.js';
import { toExperiment } from '../../src/experiments/to-experiment.js';
import { toMetric } from '../../src/experiments/to-metric.js';
import { docBlocks } from '../support/doc-blocks.js';

const path = resolve(import.meta.dirname, '../../docs/metrics.md');
const page = readFileSync(path, 'utf8');
const examples = docBlocks(path).map((block) => JSON.parse(block.code) as unknown);

describe('the page about metrics', () => {
  it('defines every built-in metric in the words of the reports', () => {
    const experiment = { currency: 'EUR', windowMs: 14 * 86_400_000 };
    const rows = builtInNames.map((name) => {
      const metric = toMetric(builtInMetrics[name], 'EUR');
      return `| \`${name}\` | ${metric.type} | ${describeMetric(metric, experiment)} |`;
    });
    expect(page.split('\n').filter((line) => /^\| `\w+` \| \w+ \| .*\. \|$/.test(line))).toEqual(rows);
  });

  it('has examples that a draft may hold', () => {
    expect(examples.length).toBeGreaterThan(5);
    for (const example of examples) {
      const part = Array.isArray(example) ? { metrics: example as unknown[] } : (example as object);
      const parsed = parseDraft('factors' in part ? part : { ...exampleDraft, ...part });
      expect(parsed.ok ? [] : parsed.problems).toEqual([]);
    }
  });

  it('ends with a complete draft that could be started', () => {
    const parsed = parseDraft(examples.at(-1));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const experiment = toExperiment(parsed.value, { salt: 's', strategyHash: () => undefined });
    expect(startProblems(experiment)).toEqual([]);
    expect(experiment.metrics).toHaveLength(10);
  });
});
