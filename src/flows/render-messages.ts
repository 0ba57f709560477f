import type { Knex } from 'knex';
import { insertRenderFallbacks, type RenderFallback } from '../database/render-fallbacks.js';
import { inTransaction } from '../database/transaction.js';
import { conflict } from '../errors.js';
import { armsOf } from '../experiments/arms.js';
import type { Experiment, Slots } from '../experiments/experiment.js';
import type { MessageInput } from '../strategies/templates/context.js';
import { plainMessage } from '../strategies/templates/plain-message.js';
import type { Message } from '../strategies/templates/prepare-template.js';
import { reasonOf } from '../strategies/templates/render-cell.js';
import {
  type AssignedAnswer,
  type AssignmentAnswer,
  assignRecipients,
  type AssignOptions,
  type ExcludedAnswer,
} from './assign-recipients.js';
import type { Context } from './context.js';
import { findExperiment } from './find-experiment.js';
import { loadArmsOf } from './decide-drawn.js';
import { loadShownItems, loadTraits } from './load-ingredients.js';
import { type LoadedTemplate, loadTemplate } from './load-template.js';
import type { RowError } from './parse-recipients.js';
import { withinBudget } from './within-budget.js';

/** What one message may take to render. A hundred times what a large one needs. */
const renderBudgetMs = 200;
/** So many recipients of one call may wait for a template that does not come to an end. */
const mostLate = 2;

export interface RenderedAnswer
  extends
    Pick<
      AssignedAnswer,
      'id' | 'arm' | 'levels' | 'messageId' | 'decisionId' | 'delivered' | 'fallbackReason'
    >,
    Message {
  /** `name@version`. */
  readonly template: string;
  /** `template`, or what was rendered instead: see `Instead`. */
  readonly rendered: 'template' | RenderFallback['rendered'];
  /** Why not as it was meant. */
  readonly renderReason?: string;
}

/** Somebody to whom nothing is to be sent, by the choice of the strategy. */
export interface WithheldAnswer extends Pick<
  AssignedAnswer,
  'id' | 'arm' | 'levels' | 'messageId' | 'decisionId' | 'delivered'
> {
  readonly send: false;
}

export type RenderAnswer = RenderedAnswer | WithheldAnswer | ExcludedAnswer | RowError;

/** One message on its way. */
interface Job {
  readonly answer: AssignedAnswer;
  readonly arm: number;
  readonly template: LoadedTemplate;
  readonly input: MessageInput;
  message?: Message;
  rendered: RenderedAnswer['rendered'];
  reason?: string;
}

/**
 * Assigns as `assignRecipients` does and renders the message of everybody who has an arm. What cannot be rendered as it was
 * meant is rendered from the fallback, then from defaults, at last without the template; it is counted, and never an error
 * and never blank.
 *
 * @throws what `assignRecipients` throws; conflict `no_template`.
 */
export async function renderMessages(
  ctx: Context,
  key: string,
  recipients: readonly unknown[],
  options: AssignOptions = {},
): Promise<RenderAnswer[]> {
  const experiment = await findExperiment(ctx, key);
  const templates = await loadTemplates(ctx.db, experiment);
  const answers = await assignRecipients(ctx, key, recipients, options);
  const assigned = answers.filter(isToBeSent);
  const traits = await loadTraits(ctx, recipients);
  const showItems = await loadShownItems(ctx.db, experiment);
  const arms = new Map(armsOf(experiment.factors).map(({ key: arm, index }) => [arm, index]));
  const jobs = new Map<AssignmentAnswer, Job>();
  for (const answer of assigned) {
    const arm = arms.get(answer.arm) ?? 0;
    const template = templates[arm];
    if (!template) throw new Error(`the arm ${answer.arm} of experiment ${key} has no template`);
    const { id, content: slots, messageId } = answer;
    const input = { slots, traits: traits.get(id) ?? {}, items: showItems(answer.items ?? []), messageId };
    jobs.set(answer, { answer, arm, template, input, rendered: 'template' });
  }
  const all = [...jobs.values()];
  renderStep(all, 'template', ({ input }) => input);
  if (all.some(unfinished)) await renderInstead(ctx, experiment, all.filter(unfinished));
  await countFallbacks(ctx, key, all);
  return answers.map((answer) => {
    const job = jobs.get(answer);
    if (job) return answerOf(job);
    return 'arm' in answer ? withheldOf(answer) : answer;
  });
}

/** By arm. @throws conflict `no_template`. */
async function loadTemplates(db: Knex, experiment: Experiment): Promise<LoadedTemplate[]> {
  const loaded: LoadedTemplate[] = [];
  for (const { levels } of armsOf(experiment.factors)) {
    const hash = levels.find(({ template }) => template !== undefined)?.template;
    if (hash === undefined) {
      const message = `"${experiment.key}" has no template: ask for assignments and render them yourself, or make an experiment that names one.`;
      throw conflict('no_template', message);
    }
    loaded.push(await loadTemplate(db, hash));
  }
  return loaded;
}

/** One try. Whoever has no message after it keeps the first reason why. */
function renderStep(
  jobs: readonly Job[],
  rendered: RenderedAnswer['rendered'],
  inputOf: (job: Job) => MessageInput | undefined,
): void {
  const slow = new Map<LoadedTemplate, number>();
  const give = (job: Job | undefined): void => {
    const input = job && inputOf(job);
    if (!input) return;
    if ((slow.get(job.template) ?? 0) >= mostLate) {
      job.reason ??= 'the template takes too long for others, and was not tried';
      return;
    }
    try {
      job.message = job.template.prepared.render(input);
      job.rendered = rendered;
    } catch (error) {
      job.reason ??= reasonOf(error);
    }
  };
  const late = (job: Job | undefined): void => {
    if (!job) return;
    job.reason ??= 'the template takes too long';
    slow.set(job.template, (slow.get(job.template) ?? 0) + 1);
  };
  withinBudget(
    jobs.length,
    renderBudgetMs,
    (i) => give(jobs[i]),
    (i) => late(jobs[i]),
  );
}

/** The fallback's slots; then as if nothing were known, for it may be something about this recipient alone; then the bare slots. */
async function renderInstead(ctx: Context, experiment: Experiment, jobs: readonly Job[]): Promise<void> {
  const arms = await loadArmsOf(ctx.db, experiment);
  const fallbackOf = ({ arm }: Job): Slots | undefined => {
    const { own, strategy } = arms[arm] ?? {};
    return strategy?.fallback && { ...own, ...strategy.fallback };
  };
  renderStep(jobs, 'fallback', (job) => {
    const slots = fallbackOf(job);
    return slots && { ...job.input, slots, items: [] };
  });
  renderStep(jobs.filter(unfinished), 'defaults', (job) => ({
    ...job.input,
    slots: fallbackOf(job) ?? job.input.slots,
    traits: {},
    items: [],
  }));
  for (const job of jobs.filter(unfinished)) {
    job.message = plainMessage(fallbackOf(job) ?? job.input.slots);
    job.rendered = 'plain';
  }
}

const unfinished = ({ message }: Job): boolean => message === undefined;

async function countFallbacks(ctx: Context, experiment: string, jobs: readonly Job[]): Promise<void> {
  const rows = jobs.flatMap(({ answer, arm, template, rendered, reason }) =>
    rendered === 'template'
      ? []
      : [
          {
            messageId: answer.messageId,
            arm,
            template: template.version.hash,
            rendered,
            reason: reason ?? 'unknown',
          },
        ],
  );
  if (rows.length === 0) return;
  ctx.log.warn(
    { experiment, messages: rows.length, reason: rows[0]?.reason },
    'Messages were rendered otherwise than meant.',
  );
  await inTransaction(ctx.db, (trx) => insertRenderFallbacks(trx, experiment, rows, ctx.clock()));
}

function withheldOf({ id, arm, levels, messageId, decisionId, delivered }: AssignedAnswer): WithheldAnswer {
  return {
    ...{ id, arm, levels, messageId, delivered, send: false as const },
    ...(decisionId !== undefined && { decisionId }),
  };
}

function answerOf({ answer, template, message, rendered, reason }: Job): RenderedAnswer {
  if (!message) throw new Error('a message was left out');
  const { id, arm, levels, messageId, decisionId, delivered, fallbackReason } = answer;
  return {
    id,
    arm,
    levels,
    messageId,
    ...(decisionId !== undefined && { decisionId }),
    template: `${template.version.name}@${template.version.version}`,
    ...message,
    delivered,
    ...(fallbackReason !== undefined && { fallbackReason }),
    rendered,
    ...(rendered !== 'template' && { renderReason: reason ?? 'unknown' }),
  };
}

function isToBeSent(answer: AssignmentAnswer): answer is AssignedAnswer {
  return 'arm' in answer && answer.send !== false;
}
