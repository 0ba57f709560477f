import { exampleDraft } from '../../experiments/example-draft.js';
import { parseDraft } from '../../experiments/parse-draft.js';
import { toExperiment } from '../../experiments/to-experiment.js';
import { experimentAnswer, type ExperimentAnswer } from './experiment-schema.js';

/** Sixty of the sixty-four digits that a real hash has. */
const EXAMPLE_HASH = '5b1f0c7d9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b';

/** The example draft as the API answers it once it is started: worked out, so that it cannot become untrue. */
export const exampleExperiment: ExperimentAnswer = workOut();

function workOut(): ExperimentAnswer {
  const parsed = parseDraft(exampleDraft);
  if (!parsed.ok) throw new Error(`The example draft has mistakes: ${JSON.stringify(parsed.problems)}`);
  const draft = parsed.value;
  const experiment = toExperiment(draft, {
    salt: '0198f3a0-6c1e-7a52-9d55-3f0e7b6a4c21',
    strategyHash: (factor, level) => {
      const pinned = draft.factors[factor]?.levels[level]?.strategy !== undefined;
      return pinned ? `sha256:${String(level).repeat(4)}${EXAMPLE_HASH}` : undefined;
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
