import { exampleDraft } from '../../experiments/example-draft.js';
import { parseDraft } from '../../experiments/parse-draft.js';
import { toExperiment } from '../../experiments/to-experiment.js';
import { parseStrategy } from '../../flows/register-strategy.js';
import { contentHash } from '../../strategies/content-hash.js';
import { experimentAnswer, type ExperimentAnswer } from './experiment-schema.js';

/** The example draft as the API answers it once it is started: worked out, so that it cannot become untrue. */
export const exampleExperiment: ExperimentAnswer = workOut();

function workOut(): ExperimentAnswer {
  const parsed = parseDraft(exampleDraft);
  if (!parsed.ok) throw new Error(`The example draft has mistakes: ${JSON.stringify(parsed.problems)}`);
  const { draft } = parsed;
  const experiment = toExperiment(draft, {
    salt: '0198f3a0-6c1e-7a52-9d55-3f0e7b6a4c21',
    strategyHash: (factor, level) => {
      const strategy = draft.factors[factor]?.levels[level]?.strategy;
      if (typeof strategy !== 'object') return strategy;
      const definition = parseStrategy(strategy);
      return definition.ok ? contentHash(definition.value) : undefined;
    },
  });
  const answer = experimentAnswer({
    ...experiment,
    status: 'running',
    createdAt: '2026-03-01T09:00:00.000Z',
    startedAt: '2026-03-01T09:05:00.000Z',
  });
  // As it travels: without the fields that are undefined.
  return JSON.parse(JSON.stringify(answer)) as ExperimentAnswer;
}
