import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseFull, isDatabaseUnavailable } from '../database/open.js';
import { BeingRebuilt } from '../database/rebuild-locks.js';
import { unavailable } from '../errors.js';
import type { Context } from './context.js';
import { type EventAnswer, recordEvents, type RecordOptions } from './record-events.js';

export type RecordEvents = (
  inputs: readonly unknown[],
  options?: RecordOptions,
) => Promise<readonly EventAnswer[]>;

interface Post {
  readonly inputs: readonly unknown[];
  readonly source: string;
  readonly answer: (answers: readonly EventAnswer[]) => void;
  readonly fail: (error: unknown) => void;
}

/** Transactions at a time. A second one prepares its rows while the first waits for the database. */
const lanes = 2;
const mostTogether = 5_000;
/** What may wait in memory; a few hundred bytes a row. */
const mostWaiting = 200_000;
/** Between two looks whether a rebuild has ended. */
const rebuildPauseMs = 200;

/**
 * Records the events of many small posts in few transactions: what arrives while one is under way goes into the next
 * together. Each post is answered by itself, once its own rows are committed; where a shared transaction fails, each is tried
 * alone, so that none suffers for another. Posts about an experiment that is being rebuilt are put aside until that has
 * ended, and the others go on.
 */
export function ingestQueue(ctx: Context): RecordEvents {
  const waiting: Post[] = [];
  let rows = 0;
  let running = 0;
  const next = (): void => {
    if (running >= lanes || waiting.length === 0) return;
    const posts = takeTogether(waiting);
    rows -= rowsOf(posts);
    running += 1;
    void recordTogether(ctx, posts, putAside).finally(() => {
      running -= 1;
      next();
    });
  };
  const putAside = asideLine(
    ctx,
    (change) => (rows += change),
    (posts) => {
      waiting.unshift(...posts);
      for (let lane = 0; lane < lanes; lane += 1) next();
    },
  );
  return (inputs, { source = 'api' } = {}) =>
    new Promise((answer, fail) => {
      if (rows + inputs.length > mostWaiting && rows > 0) {
        fail(
          unavailable(
            'too_busy',
            'More events are waiting than can be kept in memory. Nothing of this call was recorded; send it again in a few seconds.',
          ),
        );
        return;
      }
      waiting.push({ inputs, source, answer, fail });
      rows += inputs.length;
      next();
    });
}

/**
 * Where posts stand until a rebuild has ended. While it lasts only one of them asks, every now and then: the others would
 * be turned away as well.
 *
 * @param count is told of rows that come to stand here, and that are done.
 * @param giveBack takes the others once it has ended.
 */
function asideLine(
  ctx: Context,
  count: (rows: number) => void,
  giveBack: (posts: readonly Post[]) => void,
): (post: Post) => void {
  const aside: Post[] = [];
  const ask = async (): Promise<void> => {
    let occupied = true;
    while (occupied && aside[0]) {
      await sleep(rebuildPauseMs);
      occupied = false;
      await recordTogether(ctx, [aside[0]], () => (occupied = true));
    }
    count(-(aside.shift()?.inputs.length ?? 0));
    giveBack(aside.splice(0));
  };
  return (post) => {
    count(post.inputs.length);
    if (aside.push(post) === 1) void ask();
  };
}

/** The posts at the head of the line that have the same source, up to a number of rows. */
function takeTogether(waiting: Post[]): Post[] {
  const posts: Post[] = [];
  let rows = 0;
  for (let post = waiting[0]; post; post = waiting[0]) {
    if (posts.length > 0 && (post.source !== posts[0]?.source || rows + post.inputs.length > mostTogether))
      break;
    rows += post.inputs.length;
    posts.push(post);
    waiting.shift();
  }
  return posts;
}

async function recordTogether(
  ctx: Context,
  posts: readonly Post[],
  putAside: (post: Post) => void,
): Promise<void> {
  try {
    const answers = await recordEvents(
      ctx,
      posts.flatMap((post) => post.inputs),
      { source: posts[0]?.source, waitsForRebuilds: false },
    );
    let from = 0;
    for (const post of posts) {
      const own = answers.slice(from, from + post.inputs.length);
      const start = from;
      post.answer(own.map((one) => ({ ...one, index: one.index - start })));
      from += post.inputs.length;
    }
  } catch (error) {
    const [only, ...others] = posts;
    if (others.length > 0 && !isDatabaseUnavailable(error) && !isDatabaseFull(error))
      for (const post of posts) await recordTogether(ctx, [post], putAside);
    else if (only && error instanceof BeingRebuilt) putAside(only);
    else for (const post of posts) post.fail(error);
  }
}

function rowsOf(posts: readonly Post[]): number {
  return posts.reduce((sum, post) => sum + post.inputs.length, 0);
}
