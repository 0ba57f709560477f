import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exampleDraft } from '../../src/experiments/example-draft.js';
import { parseDraft } from '../../src/experiments/parse-draft.js';
import { toExperiment } from '../../src/experiments/to-experiment.js';
import { experimentAnswer, experimentSchema } from '../../src/web/api/experiment-schema.js';
import { draftOf } from '../../src/web/draft-of.js';
import { anyMetricDraft } from '../experiments/any-metric.js';

function storedOf(draft: unknown) {
  const parsed = parseDraft(draft);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const experiment = toExperiment(parsed.value, {
    salt: 'a',
    strategyHash: (factor) => (factor === 0 ? 'sha256:x' : undefined),
  });
  return { ...experiment, status: 'draft' as const, createdAt: '2026-03-01T09:00:00.000Z' };
}
const metricsOf = fc.uniqueArray(anyMetricDraft, { minLength: 1, maxLength: 5, selector: (one) => one.key });

it('an experiment is copied with its metrics, whatever they are, and its exchange rates', () => {
  fc.assert(
    fc.property(metricsOf, (metrics) => {
      const stored = storedOf({ ...exampleDraft, metrics, exchange: { USD: '0.920' } });
      const copy = storedOf(JSON.parse(JSON.stringify({ ...draftOf(stored), salt: 'a', key: stored.key })));
      expect(JSON.parse(JSON.stringify(copy))).toEqual(JSON.parse(JSON.stringify(stored)));
    }),
    { numRuns: 50 },
  );
});

it('an experiment is answered as its schema says, whatever its metrics are', () => {
  fc.assert(
    fc.property(metricsOf, (metrics) => {
      const stored = storedOf({ ...exampleDraft, metrics, exchange: { USD: '0.920' } });
      const answer: unknown = JSON.parse(JSON.stringify(experimentAnswer(stored)));
      expect(experimentSchema.parse(answer)).toEqual(answer);
    }),
    { numRuns: 50 },
  );
});
