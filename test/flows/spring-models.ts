import { expect } from 'vitest';
import { insertLearnedState, type LearningSource } from '../../src/database/learned-states.js';
import { inTransaction } from '../../src/database/transaction.js';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { loadReport } from '../../src/flows/load-report.js';
import { mergeGivenProfiles } from '../../src/flows/merge-into-profiles.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { reportAsText } from '../../src/reports/as-text.js';
import type { Finding } from '../../src/reports/report.js';
import { contentHash } from '../../src/strategies/content-hash.js';
import { renderReportBody, renderReportEmail } from '../../src/web/render-report.js';
import type { TestContext } from '../support/context.js';
import { promoteForTests } from '../support/promote.js';

const day = 86_400_000;
export const started = '2026-03-01T09:00:00.000Z';
/** Days after the start of the experiment. */
export const after = (days: number): string => new Date(Date.parse(started) + days * day).toISOString();
export const rulesOn = (when: object) => ({
  kind: 'rules',
  rules: [{ id: 'keen', when, slots: { subject: 'For you' } }],
  default: { subject: 'Hello' },
});
export const plain = { kind: 'static', slots: { subject: 'Hello' } };
export const people = (count: number): string[] => Array.from({ length: count }, (_, i) => `p${i}`);

export interface ModelAsked {
  readonly name?: string;
  readonly features?: readonly string[];
  /** Of the strategy; propensity to buy, unless said. */
  readonly definition?: object;
  readonly source?: Partial<LearningSource>;
}

/** A model that learned until a moment, is in use, and could have said scores from then on; as profiles name it. */
export async function learned(ctx: TestContext, until: string, asked: ModelAsked = {}): Promise<string> {
  const { name: of = 'keen', features, definition, source: more } = asked;
  ctx.setTime(until);
  const strategy = await registerStrategy(ctx, {
    name: of,
    definition: definition ?? {
      ...{ kind: 'propensity', outcome: { event: 'purchase' }, horizon: '14d' },
      ...(features && { model: { estimator: 'logistic', features } }),
      levels: [{ atLeast: 0, slots: { subject: 'Hello' } }],
    },
  });
  const hash = contentHash({ of, until });
  const window = { from: after(-90), until };
  const source = { recipients: 100, events: 900, catalogue: '', window, ...more };
  const { number, name } = await insertLearnedState(ctx.db, {
    ...{ hash, name: of, strategy: strategy.hash, parent: null, state: {}, report: null },
    ...{ clock: new Date(until), seed: 's', source, createdAt: new Date(until) },
  });
  await promoteForTests(ctx, of, strategy.hash, hash);
  return `model:${name}/${number}`;
}

export async function scored(
  ctx: TestContext,
  source: string,
  recipients: readonly string[],
  trait = 'score_keen',
): Promise<void> {
  const at = ctx.clock().toISOString();
  const rows = recipients.map((id, i) => ({
    ...{ recipientKey: ctx.pseudonyms.recipientKey(id), traits: { [trait]: i % 2 }, source, at },
  }));
  await inTransaction(ctx.db, (trx) => mergeGivenProfiles(trx, rows, ctx.clock()));
}

/** Two arms, the second by this strategy. */
export async function startSpring(
  ctx: TestContext,
  strategy: object | string,
  more: object = {},
  level: object = {},
): Promise<void> {
  ctx.setTime(started);
  const levels = [
    { key: 'plain', strategy: plain, ...level },
    { key: 'keen', strategy, fallback: { subject: 'Hello' }, ...level },
  ];
  await createExperiment(ctx, {
    ...{ key: 'spring', hypothesis: 'h', factors: [{ key: 'strategy', levels }], window: '7d', salt: 's' },
    ...{ metrics: [{ use: 'conversion', role: 'primary' }], ...more },
  });
  await changeStatus(ctx, 'spring', 'start');
}

export function enrolled(ctx: TestContext, ids: readonly string[]) {
  return assignRecipients(ctx, 'spring', ids.map((id) => ({ id }))); // prettier-ignore
}

/** What the report of the experiment finds about models, as every face of it says. */
export async function foundAboutModels(ctx: TestContext): Promise<Finding | undefined> {
  const report = await loadReport(ctx, 'spring');
  const found = report.health.find(({ check }) => check === 'contaminated_model');
  if (!found) return undefined;
  const plainText = (html: string): string => html.replace(/&#34;/g, '"').replace(/\s+/g, ' ');
  const email = await renderReportEmail(report);
  for (const face of [reportAsText(report), await renderReportBody(report)])
    expect(plainText(face)).toContain(found.text);
  if (found.severity !== 'ok')
    for (const face of [email.html, email.text]) expect(plainText(face)).toContain(found.text);
  return found;
}
