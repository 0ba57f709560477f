import type { RecommenderQuestion } from './evaluate-recommenders.js';
import type { SplitData, SplitRequest } from './recommender-data.js';
import type { MatrixSummary } from './recommender-hold-out.js';

/** One line of how something was measured. */
export interface ProtocolLine {
  readonly what: string;
  readonly how: string;
}

export interface Protocol {
  readonly protocol: readonly ProtocolLine[];
  /** What makes figures look better than they are, or leaves much of the data out. */
  readonly warnings: readonly string[];
}

/** How recommenders were measured, in sentences that stand on their own. */
export function rankingProtocol(
  question: RecommenderQuestion,
  data: SplitData,
  summary: MatrixSummary,
): Protocol {
  const { k, draws, seeds, columns } = question;
  const drawn = question.methods.filter(({ kind }) => kind.drawn).map(({ label }) => label);
  const protocol = [
    { what: 'split', how: splitWords(question.split, columns.time) },
    { what: 'input', how: 'binary: that something was done counts, not how often or how much' },
    {
      what: 'candidates',
      how: 'all items that somebody did something with in what is learned from, without those of the recipient themself',
    },
    { what: 'relevant', how: 'everything that is held out, also items that no method can know' },
    ...historyLines(question),
    {
      what: 'measured',
      how: 'every recipient with something to learn from and something held out, each counting alike',
    },
    { what: 'ties', how: `of scores and of neighbours go to the lower id; ${orderWords(data)}` },
    {
      what: 'measures',
      how: `precision divides by ${k}; recall by all that is relevant; nDCG has gains of 0 and 1 and discounts 1/log2(rank + 1); nDCG and MAP divide by what an ideal list of min(${k}, relevant) would have`,
    },
    {
      what: 'intervals',
      how: `95 %, percentile bootstrap over recipients with ${draws} draws; differences over the same recipients; coverage by the jackknife`,
    },
    ...(drawn.length > 0 ? [{ what: 'seeds', how: `${drawn.join(', ')}: mean of ${seeds}` }] : []),
    ...repeatedLines(question, data),
  ];
  return { protocol, warnings: warningsOf(question.split, data, summary) };
}

function historyLines({ histories, columns }: RecommenderQuestion): ProtocolLine[] {
  if (histories.length === 0) return [];
  return [
    {
      what: 'histories',
      how: `everything that is not held out is learned from, of the recipients who are measured as well; then each is shown to the methods with the latest ${histories.join(', ')} of their own only, by ${columns.time ?? 'time'}, then item. What is left out counts as known still and is not recommended, so that candidates and what is held out are the same in every row: a row shows what the rest of a history is worth to those who have one`,
    },
  ];
}

function repeatedLines(question: RecommenderQuestion, { repeated }: SplitData): ProtocolLine[] {
  if (repeated === 0) return [];
  const how = `${count(repeated)} rows say again what another says: the ${keptWords(question)} counts`;
  return [{ what: 'repeated', how }];
}

export const count = (n: number): string => n.toLocaleString('en-US');

export function keptWords({ columns, split }: Pick<RecommenderQuestion, 'columns' | 'split'>): string {
  if (split.kind === 'file') return 'first, and one that is learned from is not held out as well,';
  return columns.rating === undefined ? 'first' : 'last';
}

export function splitWords(split: SplitRequest, time: string | undefined): string {
  if (split.kind === 'file') return `held out is what stands in ${split.path}`;
  if (split.kind === 'random-fifth')
    return `of each recipient floor(n / 5) drawn by chance (seed ${split.seed})`;
  const by = time ?? 'time';
  if (split.kind === 'last-fifth') return `of each recipient the last floor(n / 5), by ${by}, then item`;
  return `everything from the ${by} on at which ${Math.round(100 * split.share)} % of the rows have happened`;
}

export function orderWords({ order }: Pick<SplitData, 'order'>): string {
  const as = { numbers: 'numbers', texts: 'texts by UTF-16 unit' };
  return `recipients are ordered as ${as[order.recipients]}, items as ${as[order.items]}`;
}

export function warningsOf(split: SplitRequest, data: SplitData, summary: MatrixSummary): string[] {
  const bad = data.files.reduce((sum, { badRows }) => sum + badRows.count, 0);
  const rows = data.files.reduce((sum, file) => sum + file.rows, bad);
  return [
    ...(split.kind === 'random-fifth'
      ? [
          'A random split flatters: what is learned from is partly later than what is held out, which no recommender will ever have. Expect less, and another order of methods, by time.',
        ]
      : []),
    ...(split.kind === 'last-fifth'
      ? [
          'Each recipient is split at a time of their own, so of others something later may be known; --split time:0.8 cuts everybody at one moment.',
        ]
      : []),
    ...(summary.unknownRecipients > 0
      ? [
          `${count(summary.unknownRecipients)} recipients have something held out and nothing to learn from; they are not measured.`,
        ]
      : []),
    ...(bad > 0.01 * rows
      ? [`${count(bad)} of ${count(rows)} rows could not be used; the figures are of the others.`]
      : []),
  ];
}
