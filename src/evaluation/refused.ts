/** Why a figure of an evaluation cannot be had. One list for the room; add a code rather than bend one. */
export type EvaluationRefusal =
  | 'invalid_input' // lists of different lengths, what is not finite, a share outside its range
  | 'too_few' // fewer rows than the figure needs
  | 'empty_arm' // nobody treated, or nobody not treated, among those looked at
  | 'no_variation' // all outcomes alike
  | 'not_binary' // a figure for outcomes of 0 and 1 only
  | 'no_support' // a policy would do what was never done
  | 'few_effective'; // so few rows carry the estimate that it says nothing

export interface Refused {
  readonly refused: true;
  readonly code: EvaluationRefusal;
  /** One plain sentence. */
  readonly reason: string;
}

export type OrRefused<T> = T | Refused;

export function refused(code: EvaluationRefusal, reason: string): Refused {
  return { refused: true, code, reason };
}

export function isRefused(value: object): value is Refused {
  return 'refused' in value;
}
