import { printable, wrap } from '../reports/text-table.js';
import type { Measure, ModelReport } from '../strategies/model-report.js';

const width = 110;

/** `0.50123 (0.47001 to 0.52110)`, or why there is no figure. */
export function measureAsText(measure: Measure): string {
  if ('refused' in measure) return `refused: ${measure.reason}`;
  const { value, interval } = measure;
  const ends = interval?.map((end) => end.toPrecision(5)).join(' to ');
  return `${value.toPrecision(5)}${ends === undefined ? '' : ` (${ends})`}`;
}

/** How good a model is: the first measure of its report beside the best baseline, and what to know before it is trusted. */
export function goodnessAsText({ measures, baselines = [], notes }: ModelReport): string {
  const [own] = measures;
  if (!own) return trustAsText(notes);
  const best = bestBaseline(own, baselines);
  const lines = [
    `${own.name} on what was held out: ${measureAsText(own)}`,
    best
      ? `best baseline, ${best.name}: ${measureAsText(best.measure)}`
      : 'no baseline was measured by the same figure',
  ];
  return lines.map((line) => `${printable(line)}\n`).join('') + trustAsText(notes);
}

function trustAsText(notes: ModelReport['notes']): string {
  if (notes.length === 0) return '';
  const lines = notes.flatMap((note) => {
    const [first = '', ...more] = wrap(note, width - 4);
    return [`  - ${first}`, ...more.map((line) => `    ${line}`)];
  });
  return `before you trust it:\n${lines.join('\n')}\n`;
}

/** The best of what is measured by the same figure. */
function bestBaseline(own: Measure, baselines: NonNullable<ModelReport['baselines']>) {
  const known = baselines.flatMap(({ name, measures }) => {
    const measure = measures.find((one) => one.name === own.name);
    return measure && !('refused' in measure) ? [{ name, measure }] : [];
  });
  return known.sort((a, b) => badness(a.measure) - badness(b.measure))[0];
}

function badness({ value, target, higherIsBetter }: Exclude<Measure, { readonly refused: true }>): number {
  if (target !== undefined) return Math.abs(value - target);
  return higherIsBetter ? -value : value;
}
