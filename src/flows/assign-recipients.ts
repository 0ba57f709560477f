import type { Knex } from 'knex';
import { draw, prepareSplit } from '../assignment/draw.js';
import { knownTraits } from '../database/questions/known-traits.js';
import { type StoredAnswer, storedAnswers } from '../database/questions/stored-answers.js';
import { lockFacts } from '../database/facts.js';
import type { Message } from '../database/messages.js';
import { keepOutRebuilds } from '../database/rebuild-locks.js';
import { inTransaction } from '../database/transaction.js';
import { conflict } from '../errors.js';
import { armsOf, levelsByFactor } from '../experiments/arms.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import { hasEnded } from '../experiments/maturity.js';
import { mergeTraits } from '../profiles/merge-traits.js';
import type { Traits } from '../profiles/traits.js';
import type { Context } from './context.js';
import type { ScoredItem } from '../strategies/strategy.js';
import { decideDrawn, loadArmsOf, type ScoresByKey, type Unscored } from './decide-drawn.js';
import { type Candidate, enrolCandidates, type Participant } from './enrol-candidates.js';
import { withScores } from './fetch-scores.js';
import { findExperiment } from './find-experiment.js';
import { storeMessages } from './join-events.js';
import { withHint } from './message-address.js';
import { parseRecipients, type Recipient, type RowError } from './parse-recipients.js';

export interface AssignedAnswer {
  readonly id: string;
  /** Arm key. */
  readonly arm: string;
  /** Level by factor. */
  readonly levels: Readonly<Record<string, string>>;
  /** Content by slot. */
  readonly content: Readonly<Record<string, string>>;
  readonly messageId: string;
  /** Names the row of the ledger; absent: decided before there was one. */
  readonly decisionId?: string;
  /** Recommended, best first. */
  readonly items?: readonly ScoredItem[];
  readonly delivered: 'strategy' | 'fallback';
  readonly fallbackReason?: string;
  /** The strategy chose to send nothing: send nothing. Absent: send what stands here. */
  readonly send?: false;
}

export interface ExcludedAnswer {
  readonly id: string;
  /** `not_in_traffic`; or, for recipients who had not been enrolled before, why nobody new is. */
  readonly excluded: 'not_in_traffic' | 'paused' | 'stopped' | 'ended';
}

export type AssignmentAnswer = AssignedAnswer | ExcludedAnswer | RowError;

interface Answered {
  readonly answers: Map<string, AssignmentAnswer>;
  readonly messages: readonly Message[];
}

/** Nothing was decided: these have to be scored first. */
interface UnscoredCall extends Unscored {
  /** Recipient keys, in the order of the asks. */
  readonly keys: readonly string[];
}

export interface AssignOptions {
  /**
   * Which of several messages of the experiment this is for. The arm is the same in every wave; the message id is not. The
   * first message is the wave ''.
   */
  readonly wave?: string;
}

/**
 * Draws, decides and enrols. Answers stand in the order of the recipients; a bad row is an error in its place and
 * never sinks the good ones. Whoever is enrolled already gets the stored answer again, whatever has changed since.
 *
 * @throws not_found `experiment_not_found`; conflict `experiment_is_draft`.
 */
export async function assignRecipients(
  ctx: Context,
  key: string,
  recipients: readonly unknown[],
  { wave = '' }: AssignOptions = {},
): Promise<AssignmentAnswer[]> {
  const rows = parseRecipients(recipients, (id) => ctx.pseudonyms.recipientKey(id));
  const valid = new Map<string, Recipient>();
  for (const row of rows)
    if ('recipientKey' in row && !valid.has(row.recipientKey)) valid.set(row.recipientKey, row);
  const answer = (scores?: ScoresByKey) =>
    inTransaction(ctx.db, async (trx) => {
      await keepOutRebuilds(trx, [key]);
      const experiment = await findExperiment({ db: trx }, key, 'locked');
      if (experiment.status === 'draft') {
        throw conflict('experiment_is_draft', `"${key}" is a draft: start it before you ask for arms.`);
      }
      return answerAll(ctx, trx, experiment, [...valid.values()], wave, scores);
    });
  let answered = await answer();
  // Nobody else waits for a scorer: it is asked between two transactions, of which the first has written nothing.
  if ('unscored' in answered) answered = await answer(await scoresOf(ctx, answered));
  if ('unscored' in answered) throw new Error('scores were asked for twice');
  const { answers, messages } = answered;
  // On its own: its locks begin again at the enrolments, and those of enrolling have come to the cells.
  if (wave !== '') await inTransaction(ctx.db, (trx) => storeWave(trx, key, messages));
  return rows.map((row) => {
    if (!('recipientKey' in row)) return row;
    const answer = answers.get(row.recipientKey);
    if (!answer) throw new Error('a recipient was left without an answer');
    return 'error' in answer ? { ...answer, index: row.index } : answer;
  });
}

async function scoresOf(ctx: Context, { unscored, keys }: UnscoredCall): Promise<ScoresByKey> {
  const scored = await withScores(ctx, unscored);
  return new Map(scored.flatMap(({ inputs }, i) => (inputs.scores ? [[keys[i] ?? '', inputs.scores]] : [])));
}

async function answerAll(
  ctx: Context,
  trx: Knex,
  experiment: StoredExperiment,
  recipients: readonly Recipient[],
  wave: string,
  scores: ScoresByKey | undefined,
): Promise<Answered | UnscoredCall> {
  const sorted = [...recipients].sort((a, b) => (a.recipientKey < b.recipientKey ? -1 : 1));
  const keys = sorted.map((recipient) => recipient.recipientKey);
  const stored = await storedAnswers(trx, experiment.key, keys);
  const traits = await knownTraits(trx, keys);
  const answers = new Map<string, AssignmentAnswer>();
  const participants: Participant[] = [];
  const now = ctx.clock();
  const drawTo = drawer(experiment, now);
  for (const recipient of sorted) {
    if (stored.has(recipient.recipientKey)) continue;
    const known = mergeTraits(traits.get(recipient.recipientKey) ?? {}, recipient.traits);
    const drawn = drawTo(recipient, known);
    if ('recipientKey' in drawn) participants.push(drawn);
    else answers.set(recipient.recipientKey, drawn);
  }
  const decided = await decide(trx, experiment, participants, now, scores);
  if ('unscored' in decided) return decided;
  const { candidates } = decided;
  for (const { recipientKey, ...row } of decided.without) answers.set(recipientKey, row);
  await enrolCandidates(ctx, trx, experiment, candidates);
  // Read back rather than answered from memory: what was stored is the answer, also where another call was faster.
  const latest = candidates.length > 0 ? await storedAnswers(trx, experiment.key, keys) : stored;
  const messages = messagesOf(ctx, experiment.key, [...latest.values()], wave);
  const messageIds = new Map(
    messages.map(({ recipientKey, messageId, enrolment }) => [recipientKey, withHint(messageId, enrolment)]),
  );
  const describe = answerer(experiment, messageIds);
  for (const { recipientKey, id } of sorted) {
    const answer = latest.get(recipientKey);
    if (answer) answers.set(recipientKey, describe(id, answer));
  }
  return { answers, messages };
}

type DrawTo = (recipient: Recipient, traits: Traits) => Participant | ExcludedAnswer | RowError;

function drawer(experiment: StoredExperiment, now: Date): DrawTo {
  const { status, salt, allocation } = experiment;
  if (status === 'paused' || status === 'stopped') return ({ id }) => ({ id, excluded: status });
  if (hasEnded(experiment, now)) return ({ id }) => ({ id, excluded: 'ended' });
  const split = prepareSplit({ salt, weights: allocation.weights, traffic: allocation.traffic });
  return ({ index, id, recipientKey, traits: givenTraits }, traits) => {
    const drawn = draw(split, id);
    if ('error' in drawn)
      return { index, id, error: { code: drawn.error, message: drawn.message, path: 'id' } };
    if (!drawn.exposed) return { id, excluded: 'not_in_traffic' };
    const { arm, fold } = drawn;
    return { index, recipientKey, recipientId: id, arm, fold, traits, givenTraits };
  };
}

interface Decided {
  readonly candidates: readonly Candidate[];
  /** For whom there is nothing. */
  readonly without: readonly (RowError & { readonly recipientKey: string })[];
}

async function decide(
  trx: Knex,
  experiment: StoredExperiment,
  participants: readonly Participant[],
  now: Date,
  scores: ScoresByKey | undefined,
): Promise<Decided | UnscoredCall> {
  if (participants.length === 0) return { candidates: [], without: [] };
  const contents = await decideDrawn(trx, await loadArmsOf(trx, experiment), participants, now, scores);
  if ('unscored' in contents)
    return { ...contents, keys: participants.map(({ recipientKey }) => recipientKey) };
  const candidates: Candidate[] = [];
  const without: Decided['without'][number][] = [];
  participants.forEach((participant, i) => {
    const content = contents[i];
    if (!content) throw new Error('a recipient was left without a decision');
    if ('slots' in content) return candidates.push({ ...participant, content, decidedAt: now });
    const { index, recipientId: id, recipientKey } = participant;
    without.push({ recipientKey, index, id, error: { code: 'no_content', message: content.undecided } });
  });
  return { candidates, without };
}

/** This wave's message to each of them. */
function messagesOf(
  ctx: Context,
  experiment: string,
  stored: readonly StoredAnswer[],
  wave: string,
): (Message & { readonly recipientKey: string })[] {
  return stored.map(({ recipientKey, enrolment, messageId }) => ({
    recipientKey,
    enrolment,
    wave,
    messageId: wave === '' ? messageId : ctx.pseudonyms.messageId(experiment, recipientKey, wave),
  }));
}

/** Stores the messages of a later wave, whose enrolments others may be recording for: enrolments first, as they do. */
async function storeWave(trx: Knex, experiment: string, messages: readonly Message[]): Promise<void> {
  await keepOutRebuilds(trx, [experiment]);
  await lockFacts(
    trx,
    messages.map((message) => message.enrolment),
  );
  await storeMessages(trx, messages);
}

function answerer(
  experiment: StoredExperiment,
  messageIds: ReadonlyMap<string, string>,
): (id: string, stored: StoredAnswer) => AssignedAnswer {
  const arms = armsOf(experiment.factors);
  const levels = arms.map((arm) => levelsByFactor(experiment.factors, arm));
  return (id, stored) => ({
    id,
    arm: arms[stored.arm]?.key ?? '',
    levels: levels[stored.arm] ?? {},
    content: stored.slots,
    messageId: messageIds.get(stored.recipientKey) ?? '',
    ...(stored.decisionId !== null && { decisionId: stored.decisionId }),
    ...(stored.items !== null && {
      items: stored.items.map(([item, score, reason]) => ({ item, score, reason })),
    }),
    delivered: stored.delivered,
    ...(stored.fallbackReason !== null && { fallbackReason: stored.fallbackReason }),
    ...(stored.withheld && { send: false }),
  });
}
