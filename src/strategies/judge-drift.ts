import { observedToExpected } from '../evaluation/drift/observed-to-expected.js';
import { populationStability } from '../evaluation/drift/psi.js';
import type { Distribution, ItemTraffic, Measure, ModelReport } from './model-report.js';
import type { Json, Watched } from './strategy.js';

/** One figure about how a model does now, beside its threshold. */
export interface DriftFigure {
  /** `drift of scores`, `drift of recency`, `drift of items`, `unseen items`, `AUC`, `calibration`. */
  readonly measure: string;
  /** Null: it cannot be had, and `detail` says why. */
  readonly value: number | null;
  readonly threshold: number | null;
  readonly alerting: boolean;
  readonly detail: Json;
}

/** What is alarming, in one place. */
export const driftThresholds = {
  /** Of the stability index; habit, not theory, so it has to be beyond chance as well. */
  index: 0.2,
  /** Probability of a false alarm where nothing has changed, over all distributions of one check together. */
  chance: 0.01,
  /** Positives seen for each predicted, either way, and beyond chance. */
  ratio: 1.25,
  /** Share of the measure that is lost, with an interval that has nothing in common with that of the report. */
  loss: 0.1,
} as const;

/**
 * What has changed since a model was made: what goes in, what comes out, how well it fits. Small samples differ by chance, and
 * alarm nobody.
 *
 * @param watched what the model sees and says now; undefined where its kind cannot tell.
 * @param now its measure on the newest closed horizon; undefined where its kind has none.
 */
export function judgeDrift(
  report: ModelReport | null,
  watched: Watched | { readonly reason: string } | undefined,
  now: Measure | undefined,
): DriftFigure[] {
  return [...distributions(report, watched), ...outcomes(watched), ...fit(report, now)];
}

function distributions(report: ModelReport | null, watched: Parameters<typeof judgeDrift>[1]): DriftFigure[] {
  const reference = report?.reference;
  if (!reference) return [unknown('drift', report?.noReference ?? withoutReference)];
  if (!watched) return [unknown('drift', 'Models of this kind do not say what they see.')];
  if ('reason' in watched) return [unknown('drift', watched.reason)];
  const { scores, items } = reference;
  const pairs = [
    ...(scores ? [{ name: 'scores', then: scores, now: watched.now.scores }] : []),
    ...(items ? [{ name: 'items', then: items.shares, now: watched.now.items?.shares }] : []),
    ...reference.features.map((then) => ({
      name: then.name,
      then,
      now: watched.now.features.find(({ name }) => name === then.name),
    })),
  ];
  return [
    ...pairs.map(({ name, then, now }) => stability(`drift of ${name}`, then, now, pairs.length)),
    ...(items && watched.now.items ? unseen(items, watched.now.items) : []),
  ];
}

const withoutReference =
  'The report of this model has no reference to hold what is seen now against. Learn it again: what is learned now keeps one, if its kind does.';

/** Grows while a model gets older, in a shop where nothing changes too: to look at, and no reason for an alert. */
function unseen(then: ItemTraffic, now: ItemTraffic): DriftFigure[] {
  const recipients = (of: ItemTraffic): number => of.unseenRecipients / of.recipients;
  const items = ({ shares: { counts, missing } }: ItemTraffic): number =>
    missing / counts.reduce((sum, count) => sum + count, missing);
  const figure = (measure: string, what: string, share: typeof items): DriftFigure => ({
    ...{ measure, value: share(now), threshold: null, alerting: false },
    detail: {
      reason: `${what}, of ${now.recipients} recipients. When it was learned: ${Number(share(then).toPrecision(3))}.`,
      ...{ then: share(then), recipients: now.recipients },
    },
  });
  return [
    figure(
      'unseen recipients',
      'Share who, as far back as a check looks, had done nothing that it could learn from',
      recipients,
    ),
    figure('unseen items', 'Share of what was done that went to items it does not know', items),
  ];
}

function stability(
  measure: string,
  then: Distribution,
  now: Distribution | undefined,
  among: number,
): DriftFigure {
  if (!now) return unknown(measure, 'It is not seen any more.');
  const found = populationStability(then, now);
  if ('refused' in found) return unknown(measure, found.reason);
  const { value, interval, p } = found;
  const alerting = value > driftThresholds.index && p < driftThresholds.chance / among;
  const detail = { interval: [interval.lower, interval.upper], p, then: plain(then), now: plain(now) };
  return { measure, value, threshold: driftThresholds.index, alerting, detail };
}

function outcomes(watched: Parameters<typeof judgeDrift>[1]): DriftFigure[] {
  if (!watched || 'reason' in watched || !watched.outcomes) return [];
  const { rows, observed, expected } = watched.outcomes;
  const found = observedToExpected(observed, expected);
  if ('refused' in found) return [unknown('calibration', found.reason)];
  const { value, interval, p } = found;
  const { ratio, chance } = driftThresholds;
  const isOff = value > ratio || value < 1 / ratio;
  const alerting = isOff && p < chance;
  const detail = { rows, observed, expected, p, interval: [interval.lower, interval.upper] };
  return [{ measure: 'calibration', value, threshold: ratio, alerting, detail }];
}

function fit(report: ModelReport | null, now: Measure | undefined): DriftFigure[] {
  if (!now) return [];
  if ('refused' in now) return [unknown(now.name, now.reason)];
  const { name, value, interval, higherIsBetter } = now;
  const own = { ...(interval && { interval: [...interval] }) };
  const then = report?.measures.find((one) => one.name === name);
  if (!then || 'refused' in then)
    return [
      {
        measure: name,
        value,
        threshold: null,
        alerting: false,
        detail: { ...own, reason: 'Its report has no such measure to compare with.' },
      },
    ];
  const worst = then.value * (1 + (higherIsBetter ? -1 : 1) * driftThresholds.loss);
  const isWorse = higherIsBetter ? value < worst : value > worst;
  const alerting = isWorse && !overlap(interval, then.interval);
  const detail = { ...own, then: then.value, ...(then.interval && { thenInterval: [...then.interval] }) };
  return [{ measure: name, value, threshold: worst, alerting, detail }];
}

/** Without an interval nobody knows what chance does; then the threshold alone decides. */
function overlap(
  one: readonly [number, number] | undefined,
  other: readonly [number, number] | undefined,
): boolean {
  if (!one || !other) return false;
  return one[0] <= other[1] && other[0] <= one[1];
}

function plain(distribution: Distribution): Json {
  const { counts, missing } = distribution;
  return 'edges' in distribution
    ? { edges: distribution.edges, counts, missing }
    : { categories: distribution.categories, counts, missing };
}

function unknown(measure: string, reason: string): DriftFigure {
  return { measure, value: null, threshold: null, alerting: false, detail: { reason } };
}
