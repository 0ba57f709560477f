import { consistencyRules, countViolations } from '../database/questions/consistency-rules.js';
import { quarantineCounts } from '../database/questions/quarantined.js';
import { incompleteProfiles, traitCounts } from '../database/questions/trait-counts.js';
import {
  expectedTraits,
  judgeQuality,
  type QualityReport,
  type QualityThresholds,
  type RuleCount,
  usualThresholds,
} from '../profiles/quality.js';
import type { Context } from './context.js';

export interface QualityRequest {
  /** Days back from now whose arrivals are looked at. */
  readonly days?: number;
  /** Traits that every profile should have; those that half of them have when left out. */
  readonly required?: readonly string[] | undefined;
  readonly thresholds?: Partial<QualityThresholds>;
}

export interface CheckedQuality extends QualityReport {
  readonly asOf: string;
  readonly days: number;
}

export const usualDays = 30;
const mostTraits = 200;
const mostRefusals = 50;

/** How complete, well-formed and free of contradictions is what is known? One question after the other, on one connection. */
export async function checkQuality(ctx: Context, request: QualityRequest = {}): Promise<CheckedQuality> {
  const now = ctx.clock();
  const days = request.days ?? usualDays;
  const since = new Date(now.getTime() - days * 86_400_000);
  const { profiles, traits } = await traitCounts(ctx.db, mostTraits);
  const expected = expectedTraits(profiles, traits, request.required);
  const incomplete = await incompleteProfiles(ctx.db, expected);
  const refused = await quarantineCounts(ctx.db, since, mostRefusals);
  const bounds = { since, today: now.toISOString().slice(0, 10) };
  const rules: RuleCount[] = [];
  for (const rule of consistencyRules) rules.push(await countViolations(ctx.db, rule, bounds));
  const thresholds = { ...usualThresholds, ...request.thresholds };
  const report = judgeQuality({ profiles, traits, expected, incomplete, refused, rules }, thresholds);
  return { asOf: now.toISOString(), days, ...report };
}
