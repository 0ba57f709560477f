import type { Experiment, Status } from './experiment.js';
import { isDiagnostic } from './is-diagnostic.js';
import type { Problem } from './read-with.js';

export type Action = 'start' | 'pause' | 'resume' | 'stop';

const transitions: Readonly<Record<Action, { from: readonly Status[]; to: Status }>> = {
  start: { from: ['draft'], to: 'running' },
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  stop: { from: ['running', 'paused'], to: 'stopped' },
};

/** The status after the action, or undefined where the action is not possible. */
export function nextStatus(status: Status, action: Action): Status | undefined {
  const { from, to } = transitions[action];
  return from.includes(status) ? to : undefined;
}

/** The actions that are possible now, in the order in which a page offers them. */
export function possibleActions(status: Status): Action[] {
  return (Object.keys(transitions) as Action[]).filter((action) => nextStatus(status, action) !== undefined);
}

/**
 * What is missing before the first recipient may be drawn. A hypothesis, a primary metric with its direction and a
 * window are written down before the data come, or the report could be read in any way one likes.
 */
export function startProblems(experiment: Experiment): Problem[] {
  const problems: Problem[] = [];
  if (experiment.hypothesis === undefined) {
    problems.push({ path: 'hypothesis', message: 'write down what you expect before you start' });
  }
  problems.push(...primaryProblems(experiment));
  const windowless = experiment.metrics.some((metric) => metric.windowMs === undefined);
  if (experiment.windowMs === undefined && windowless) {
    problems.push({
      path: 'window',
      message: 'say for how long after the send events count, for example "14d"',
    });
  }
  return problems;
}

function primaryProblems({ metrics }: Experiment): Problem[] {
  const index = metrics.findIndex((metric) => metric.role === 'primary');
  const primary = metrics[index];
  if (!primary) return [{ path: 'metrics', message: 'make one metric primary: it alone decides' }];
  if (primary.direction === undefined) {
    const message = 'say which way is better: increase or decrease';
    return [{ path: `metrics[${index}].direction`, message }];
  }
  if (isDiagnostic(primary)) {
    const message =
      'a diagnostic metric compares different people and cannot decide; make another one primary';
    return [{ path: `metrics[${index}].role`, message }];
  }
  return [];
}
