import { badInput } from '../errors.js';
import { formatDuration, parseDuration } from '../experiments/duration.js';
import type { OpenOptions } from '../files/open-file.js';
import type { Json, LearningLog, Tell } from '../strategies/strategy.js';
import type { ModelReport } from '../strategies/model-report.js';
import { estimators, findEstimator } from '../strategies/ml/estimators.js';
import { isFeature, usualFeatures } from '../strategies/ml/feature-groups.js';
import type { Lesson, Task } from '../strategies/ml/learn-outcomes.js';
import { teach } from '../strategies/ml/teachable.js';
import { type OrdersFile, type ReadOrders, readOrders, timeOf } from './read-orders.js';

export interface OrdersRequest extends OrdersFile {
  readonly task: 'next-category' | 'churn';
  readonly horizon: string;
  /** The moment of the features that are measured on. */
  readonly cutOff: string;
  /** So many moments to learn at, a horizon apart, the last of them a horizon before. */
  readonly cutOffs: number;
  /** Of churn: who bought so shortly before. */
  readonly active: string;
  /** Of next-category: the most bought. */
  readonly categories: number;
  readonly estimator: string;
  readonly features?: readonly string[] | undefined;
  readonly seed: string;
}

export interface OrdersEvaluation {
  readonly task: OrdersRequest['task'];
  /** What was done, line by line. */
  readonly protocol: readonly string[];
  readonly read: {
    readonly lines: number;
    readonly used: number;
    readonly recipients: number;
    readonly leftOut: readonly { readonly reason: string; readonly lines: number }[];
    readonly uncategorised?: number;
  };
  readonly report: ModelReport;
}

/**
 * How well models do on a file of orders, against what is simpler, on a time split.
 *
 * @throws bad_input `file_…`, `invalid_…`, and the reason where there is too little to learn from.
 */
export async function evaluateOrders(
  request: OrdersRequest,
  options: OpenOptions & { readonly tell?: Tell },
): Promise<OrdersEvaluation> {
  const cutOff = timeOf(request.cutOff);
  if (cutOff === undefined)
    throw badInput('invalid_cut_off', `--cut-off is a time such as 2017-10-01, not "${request.cutOff}".`);
  const horizon = durationOf('horizon', request.horizon);
  durationOf('active', request.active);
  const model = modelOf(request);
  const orders = await readOrders(request, options);
  const clock = new Date(cutOff + horizon);
  checkReach(request, orders, cutOff, horizon);
  const tasks =
    request.task === 'churn' ? churnTask : categoryTasks(orders, cutOff - horizon, request.categories);
  const lesson: Lesson = {
    ...{ tasks, model, horizon: request.horizon, cutOffs: request.cutOffs },
    ...(request.task === 'churn' && { active: request.active, activeByOutcome: true }),
  };
  const log: LearningLog = {
    histories: orders.histories,
    ...{ traits: new Map(), trials: new Map(), catalogue: { hash: '', items: [] } },
  };
  const taught = teach(lesson, log, clock, request.seed, options.tell);
  if ('refused' in taught) throw badInput(taught.code, taught.reason);
  return {
    task: request.task,
    protocol: protocolOf(request, lesson, cutOff, horizon),
    read: summaryOf(request, orders),
    report: taught.report,
  };
}

const churnTask: readonly Task[] = [{ key: 'churn', outcome: { event: 'purchase', count: 1 }, absent: true }];

/** The categories with the most lines before a moment, the most first; of equals the first by name. */
function categoryTasks({ histories }: ReadOrders, before: number, most: number): Task[] {
  const counts = new Map<string, number>();
  for (const history of histories.values()) {
    for (const { category, at } of history)
      if (category !== undefined && at < before) counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, most);
  if (sorted.length < 2) {
    throw badInput(
      'too_few_categories',
      'There are not two categories before the cut-off: name their column by --category.',
    );
  }
  return sorted.map(([category]) => ({
    ...{ key: category, absent: false },
    outcome: { event: 'purchase', category: [category], count: 1 },
  }));
}

function modelOf({ estimator, features = usualFeatures }: OrdersRequest): Lesson['model'] {
  const found = findEstimator(estimator);
  if (!found)
    throw badInput(
      'invalid_estimator',
      `--estimator is one of ${[...estimators.keys()].join(', ')}, not "${estimator}".`,
    );
  const unknown = features.find((name) => !isFeature(name));
  if (unknown !== undefined) throw badInput('invalid_features', `There is no feature "${unknown}".`);
  const settings = found.parse({});
  if (!settings.ok) throw new Error(`${estimator} has no usual settings`);
  return { estimator, settings: settings.value as Json, features };
}

function durationOf(name: string, text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined)
    throw badInput(`invalid_${name}`, `--${name} is a duration such as 30d, not "${text}".`);
  return ms;
}

/** Labels need the whole horizon after the cut-off, and features something before the first one. */
function checkReach(
  { cutOffs }: OrdersRequest,
  { first, last }: ReadOrders,
  cutOff: number,
  horizon: number,
): void {
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const span = `The orders are from ${day(first)} to ${day(last)}`;
  if (last < cutOff + horizon - 86_400_000) {
    throw badInput(
      'invalid_cut_off',
      `${span}: they do not reach a horizon beyond the cut-off, so that nobody could tell who will come. Choose ${day(last - horizon)} or earlier, or a shorter horizon.`,
    );
  }
  if (first >= cutOff - horizon * cutOffs) {
    throw badInput(
      'invalid_cut_off',
      `${span}: nothing was known at the first of ${cutOffs} moments to learn at. Choose a later cut-off, a shorter horizon or fewer --cut-offs.`,
    );
  }
}

function protocolOf(
  { estimator, seed, task, active }: OrdersRequest,
  lesson: Lesson,
  cutOff: number,
  horizon: number,
): string[] {
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const within = formatDuration(horizon);
  const moments = Array.from({ length: lesson.cutOffs }, (_, i) => day(cutOff - horizon * (i + 1)));
  return [
    `Time split. Features as of ${day(cutOff)}, what happened in the ${within} from then on; learned at ${moments.reverse().join(', ')}, each with the ${within} after it: nothing that was learned from lies after ${day(cutOff)}.`,
    task === 'churn'
      ? `Predicted: no purchase within ${within}, of whoever bought in the ${active} before.`
      : `Predicted: a purchase within ${within} in each of the ${lesson.tasks.length} categories with the most lines before ${day(cutOff - horizon)}: ${lesson.tasks.map(({ key }) => key).join(', ')}.`,
    `Learned by ${estimator} with its usual settings from ${lesson.model.features.join(', ')}; seed ${JSON.stringify(seed)}.`,
    'Intervals: 95 %, by drawing the recipients that were held out again; differences on the same draws.',
  ];
}

function summaryOf({ task }: OrdersRequest, orders: ReadOrders): OrdersEvaluation['read'] {
  const leftOut = [...orders.leftOut].map(([reason, lines]) => ({ reason, lines }));
  return {
    ...{ lines: orders.lines, used: orders.used, recipients: orders.histories.size },
    leftOut: leftOut.sort((a, b) => b.lines - a.lines || (a.reason < b.reason ? -1 : 1)),
    ...(task === 'next-category' && { uncategorised: orders.uncategorised }),
  };
}
