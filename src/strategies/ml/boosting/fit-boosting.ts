import { seededRandom } from '../../../evaluation/random.js';
import { refused, refuseToFit, type RefusedFit } from '../check-fit.js';
import type { FitOptions, Fitted } from '../estimator.js';
import { specsOf, type Table } from '../table.js';
import { binTable } from '../trees/bin-table.js';
import { gainShares } from '../trees/gain-shares.js';
import { boost } from './boost.js';
import { BoostingModel } from './boosting-model.js';
import { holdOut } from './hold-out.js';
import { LogLoss } from './log-loss.js';
import type { BoostingSettings } from './settings.js';
import { tune } from './tune.js';

/** See `Estimator.fit`. Stochastic gradient boosting (Friedman 2001, 2002) on histograms (Ke et al. 2017). */
export function fitBoosting(
  table: Table,
  labels: Uint8Array,
  settings: BoostingSettings,
  seed: string,
  options: FitOptions = {},
): Fitted {
  const no = refuseToFit(table, labels, options) ?? refuseMonotone(table, settings);
  if (no) return no;
  const binned = binTable(table, settings.bins);
  const lesson = { table, binned, labels, settings, seed, ...options };
  const tuned = settings.tuning === 'auto' ? tune(lesson) : undefined;
  const used = tuned?.settings ?? settings;
  const random = seededRandom(`${seed}/boosting`);
  const { learning, heldOut } = holdOut(labels, used.validationShare, random);
  const loss = new LogLoss(labels, options.weights, learning);
  const material = { binned, loss, learning, heldOut, random };
  const { trees, gains, curve } = boost(material, table, used, tuned ? {} : { tell: options.tell });
  const validation = heldOut.length > 0 ? { rows: heldOut.length, logLoss: curve } : null;
  const gain = gainShares(gains, binned, table.columns.length);
  const model = new BoostingModel({ columns: specsOf(table), base: loss.base, trees, gain, validation });
  return { model, ...(tuned && { notes: [tuned.note] }) };
}

/** A column that is not there may have been left out by a search for features; one of categories has no direction. */
function refuseMonotone(table: Table, { monotone }: BoostingSettings): RefusedFit | undefined {
  const bad = table.columns.find(({ name, type }) => type === 'category' && Object.hasOwn(monotone, name));
  if (!bad) return undefined;
  return refused(
    'unfit_settings',
    `The setting "monotone" names ${bad.name}, a column of categories, which have no direction: leave it out.`,
  );
}
