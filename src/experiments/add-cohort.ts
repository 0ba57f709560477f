import { cohortSchema, mostCohorts } from './draft.js';
import type { Experiment } from './experiment.js';
import { type Parsed, readWith } from './read-with.js';

/** The experiment with one cohort more, at the end: asked for afterwards, to be kept. It may be running. */
export function addCohort<E extends Experiment>(experiment: E, input: unknown): Parsed<E> {
  const parsed = readWith(cohortSchema, input);
  if (!parsed.ok) return parsed;
  const cohort = typeof parsed.value === 'string' ? { trait: parsed.value } : parsed.value;
  const { cohorts } = experiment;
  const problems = [];
  if (cohorts.some((one) => one.trait === cohort.trait)) {
    problems.push({ path: 'trait', message: `the report is broken down by "${cohort.trait}" already` });
  }
  if (cohorts.length >= mostCohorts) {
    problems.push({ path: '', message: `an experiment has at most ${mostCohorts} cohorts` });
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { ...experiment, cohorts: [...cohorts, cohort] } };
}
