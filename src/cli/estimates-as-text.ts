import type { OrRefusal } from '../evaluation/refusal.js';
import type { Estimate } from '../statistics/result.js';

export const left = { align: 'left' } as const;
export const right = { align: 'right' } as const;

export const count = (n: number): string => n.toLocaleString('en-US');

export const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`.trimEnd());

export function valueOf(estimate: OrRefusal<Estimate>): string {
  return 'refused' in estimate ? 'refused' : estimate.value.toFixed(4);
}

export function signedOf(estimate: OrRefusal<Estimate>): string {
  if ('refused' in estimate) return 'refused';
  return `${estimate.value < 0 ? '-' : '+'}${Math.abs(estimate.value).toFixed(4)}`;
}

export function intervalOf(estimate: OrRefusal<Estimate>, digits: number): string {
  if ('refused' in estimate) return '';
  const { lower, upper } = estimate.interval;
  return `${lower.toFixed(digits)} to ${upper.toFixed(digits)}`;
}

export function saysOf(estimate: OrRefusal<Estimate>): string {
  if ('refused' in estimate) return '';
  const { lower, upper } = estimate.interval;
  if (lower > 0) return 'better';
  return upper < 0 ? 'worse' : 'no difference shown';
}
