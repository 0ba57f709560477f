import { setTimeout as sleep } from 'node:timers/promises';
import { enrolAll } from './campaign.js';
import { between, chance } from './chance.js';
import { eventsOf, type World } from './events.js';
import type { Outcome, Say } from './outcome.js';
import type { Service } from './service.js';
import { onStage, type Stage } from './stage.js';
import { inStore, type StoreKind, withStore } from './store.js';
import { eventWork } from './work.js';

export interface SteadyPostsOptions {
  readonly kind: StoreKind;
  readonly perSecond: number;
  readonly seconds: number;
  readonly recipients: number;
  readonly seed: number;
}

const mostInPost = 5;
const tickMs = 5;
const memoryGrowth = 1.3;
const memorySlackMb = 40;

/**
 * So many posts a second, sent when they are due whether or not the earlier ones have been answered, as the world does. No
 * answer but 200, and memory that does not grow.
 */
export async function steadyPosts(options: SteadyPostsOptions, say: Say): Promise<Outcome> {
  return inStore(options.kind, (store) => onStage(store, (stage) => postSteadily(stage, options, say)));
}

async function postSteadily(
  stage: Stage,
  { perSecond, seconds, recipients, seed }: SteadyPostsOptions,
  say: Say,
): Promise<Outcome> {
  const { violations } = stage;
  const start = new Date();
  const messageIds = await withStore(stage.store, (ctx) => enrolAll(ctx, recipients));
  const service = await stage.startService();
  const load = new Load(stage, service, { seed, recipients, start, messageIds });
  await load.run(perSecond, seconds, say);
  stage.client.close();
  for (const [status, count] of load.statuses) {
    violations.check(
      status === 200,
      `${count} posts were answered ${status === 0 ? 'by a broken connection' : status}`,
    );
  }
  const [, middle = 0, end = 0] = load.memory();
  violations.check(
    end <= middle * memoryGrowth + memorySlackMb,
    `memory grew from ${middle} MB in the middle to ${end} MB at the end`,
  );
  await service.end('SIGTERM');
  await stage.check(load.events);
  return { violations: violations.list(), figures: load.figures() };
}

class Load {
  readonly statuses = new Map<number, number>();
  events = 0;
  readonly #waits: number[] = [];
  readonly #memory: number[] = [];
  #posts = 0;
  #open = 0;
  #mostOpen = 0;
  #seconds = 0;

  readonly stage: Stage;
  readonly service: Service;
  readonly world: World;

  constructor(stage: Stage, service: Service, world: World) {
    this.stage = stage;
    this.service = service;
    this.world = world;
  }

  async run(perSecond: number, seconds: number, say: Say): Promise<void> {
    const next = chance(this.world.seed);
    const answers: Promise<void>[] = [];
    const start = performance.now();
    for (let second = 0; this.#posts < perSecond * seconds;) {
      const due = Math.min(
        perSecond * seconds,
        Math.floor(((performance.now() - start) * perSecond) / 1_000),
      );
      for (; this.#posts < due; this.#posts += 1) answers.push(this.#post(between(next, 1, mostInPost)));
      if (performance.now() - start >= second * 1_000) {
        this.#memory.push(this.service.memory());
        second += 1;
        if (second % 10 === 0) say(`${second} s: ${this.#posts} posts, ${this.#open} unanswered`);
      }
      await sleep(tickMs);
    }
    await Promise.all(answers);
    this.#seconds = (performance.now() - start) / 1_000;
    this.#memory.push(this.service.memory());
  }

  async #post(count: number): Promise<void> {
    const work = eventWork(eventsOf(this.world, this.events, (this.events += count)));
    this.#open += 1;
    this.#mostOpen = Math.max(this.#mostOpen, this.#open);
    const answer = await this.stage.post(this.service, work);
    this.#open -= 1;
    this.#waits.push(answer.ms);
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
  }

  /** In megabytes: at the start; medians of the second and of the last quarter. */
  memory(): number[] {
    const quarter = Math.max(1, this.#memory.length >> 2);
    const median = (values: number[]): number =>
      Math.round(values.sort((a, b) => a - b)[values.length >> 1] ?? 0);
    return [
      Math.round(this.#memory[0] ?? 0),
      median(this.#memory.slice(quarter, 2 * quarter)),
      median(this.#memory.slice(-quarter)),
    ];
  }

  figures(): Record<string, number | string> {
    this.#waits.sort((a, b) => a - b);
    const at = (share: number): number =>
      Math.round(this.#waits[Math.floor(share * (this.#waits.length - 1))] ?? 0);
    return {
      posts: this.#posts,
      events: this.events,
      'seconds until the last answer': Number(this.#seconds.toFixed(1)),
      'wait p50, ms': at(0.5),
      'wait p99, ms': at(0.99),
      'longest wait, ms': at(1),
      'most unanswered at a time': this.#mostOpen,
      'memory at start, in the middle, at the end, MB': this.memory().join(', '),
    };
  }
}
