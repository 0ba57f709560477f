import { spellDuration } from '../experiments/duration.js';
import type { Maturity } from '../flows/load-maturity.js';
import { mostRecipients } from '../flows/load-maturity.js';
import { counted, countText } from '../reports/format.js';

export interface MaturityView {
  /** Why there is no curve. */
  readonly refused: string | undefined;
  readonly sentence: string;
  readonly basis: string;
  readonly rows: readonly { readonly age: string; readonly text: string }[];
  /** In a box of `maturityWidth` by `maturityHeight`. */
  readonly line: string;
  readonly band: string;
}

export const maturityWidth = 640;
export const maturityHeight = 200;

export function maturityView({ curve, conversions, sampled }: Maturity): MaturityView {
  const basis = `From ${counted(conversions, 'recipient')} with a conversion${
    sampled
      ? `, among the first ${countText(mostRecipients)} recipients by their pseudonym, which is as good as by lot`
      : ''
  }; opens and clicks are quicker.`;
  if ('refused' in curve) {
    return { refused: curve.reason, sentence: '', basis, rows: [], line: '', band: '' };
  }
  const { points, sentence } = curve;
  const end = points.at(-1)?.ageMs ?? 1;
  const at = (ageMs: number, share: number): string =>
    `${((ageMs / end) * maturityWidth).toFixed(1)} ${((1 - share) * maturityHeight).toFixed(1)}`;
  const path = (places: readonly string[]): string => `M${places.join(' L')}`;
  const start = at(0, 0);
  return {
    refused: undefined,
    sentence,
    basis,
    rows: points.map(({ ageMs, text }) => ({ age: spellDuration(ageMs), text })),
    line: path([start, ...points.map(({ ageMs, share }) => at(ageMs, share))]),
    band: `${path([
      start,
      ...points.map(({ ageMs, upper }) => at(ageMs, upper)),
      ...points.map(({ ageMs, lower }) => at(ageMs, lower)).reverse(),
    ])} Z`,
  };
}
