import { expect } from 'vitest';
import type { MethodResult, RecommenderEvaluation } from '../../src/flows/evaluate-recommenders.js';
import { runInFolder } from '../support/command-line.js';

export const resultOf = ({ methods }: RecommenderEvaluation, name: string): MethodResult => {
  const found = methods.find(({ method }) => method === name);
  if (!found || 'refused' in found) throw new Error(`${name} was not measured`);
  return found;
};
export const valueOf = (estimate: MethodResult['measures']['ndcg']): number =>
  'refused' in estimate ? NaN : estimate.value;

/** What the command says as JSON. */
export async function measuredIn(folder: string, ...args: readonly string[]): Promise<RecommenderEvaluation> {
  const { code, out, err } = await runInFolder(folder, ['evaluate', 'recommenders', ...args, '--json']);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as RecommenderEvaluation;
}
