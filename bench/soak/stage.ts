import { startCampaign } from './campaign.js';
import { checkStore } from './check-store.js';
import { Client } from './client.js';
import { type Posted, Ledger } from './ledger.js';
import { Violations } from './outcome.js';
import { type Service, startService } from './service.js';
import { makeToken, type Store, withStore } from './store.js';
import type { Work } from './work.js';

/** What a scenario plays on: a store with a campaign, services on it, and a ledger of what they acknowledged. */
export class Stage {
  readonly store: Store;
  readonly client: Client;
  readonly violations = new Violations();
  readonly ledger = new Ledger(this.violations);
  readonly #services: Service[] = [];

  constructor(store: Store, client: Client) {
    this.store = store;
    this.client = client;
  }

  async startService(): Promise<Service> {
    const service = await startService(this.store);
    this.#services.push(service);
    return service;
  }

  /** Does a call, and takes note of the answer. */
  post(service: Service, work: Work): Promise<Posted> {
    return this.ledger.post(this.client, service.url, work);
  }

  /** That all that was acknowledged is there; no service may run on an embedded store. `hash` as in `Expected`. */
  async check(events: number, hash?: string): Promise<void> {
    const { acknowledged } = this.ledger;
    const expected = { acknowledged, events, ...(hash !== undefined && { hash }) };
    await withStore(this.store, (ctx) => checkStore(ctx, expected, this.violations));
  }

  /** Whatever has not ended is killed. */
  async clear(): Promise<void> {
    this.client.close();
    for (const service of this.#services) if (!service.hasEnded()) await service.end('SIGKILL');
  }
}

/** Starts a campaign in the store, and leaves nothing running whatever happens. */
export async function onStage<T>(store: Store, play: (stage: Stage) => Promise<T>): Promise<T> {
  const token = await withStore(store, async (ctx) => {
    await startCampaign(ctx);
    return makeToken(ctx);
  });
  const stage = new Stage(store, new Client(token));
  try {
    return await play(stage);
  } finally {
    await stage.clear();
  }
}
