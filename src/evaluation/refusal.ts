import type { RefusalCode as StatisticsCode } from '../statistics/result.js';

/** Why a figure of an evaluation cannot be had: what statistics refuse, and what only evaluations do. */
export type RefusalCode =
  | StatisticsCode
  | 'not_binary' // a figure for outcomes of 0 and 1 only
  | 'no_support' // a policy would do what was never done
  | 'few_effective'; // so few rows carry the estimate that it says nothing

export interface Refusal {
  readonly refused: true;
  readonly code: RefusalCode;
  /** One plain sentence. */
  readonly reason: string;
}

export type OrRefusal<T> = T | Refusal;

export function refuse(code: RefusalCode, reason: string): Refusal {
  return { refused: true, code, reason };
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value;
}
