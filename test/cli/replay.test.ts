import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../src/open-service.js';
import { embeddedDataDir } from '../support/embedded-folder.js';
import { programFile } from '../support/program.js';
import { openServiceWith } from '../support/service-in-folder.js';
import { assigned, fillShop, popular, shopDraft } from '../flows/shop.js';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';

/** Commands of strategies in a process of their own, on the embedded database that another process filled. */

const recipients = 10_000;
let dataDir: string;

beforeAll(async () => {
  dataDir = await embeddedDataDir();
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

async function withService<T>(work: (service: Service) => Promise<T>): Promise<T> {
  const service = await openServiceWith({ POSTULATE_DATA_DIR: dataDir });
  try {
    return await work(service);
  } finally {
    await service.close();
  }
}

function cli(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [programFile('cli'), ...args], {
    env: { ...process.env, POSTULATE_DATA_DIR: dataDir },
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status, out: stdout, err: stderr };
}

describe('in a process of its own', () => {
  it('takes a snapshot, learns, and makes 10,000 decisions again without a difference', async () => {
    await withService(async ({ ctx }) => {
      await fillShop(ctx, 200);
      const levels = [
        { key: 'plain', strategy: { kind: 'static', slots: { headline: 'Our picks' } } },
        { key: 'popular', strategy: popular, fallback: { headline: 'Our picks' } },
      ];
      const factors = [{ key: 'strategy', levels }];
      await createExperiment(ctx, shopDraft({ factors, eligibility: { notBought: 'ever' } }));
    });
    const snapshot = cli('catalogue', 'snapshot');
    expect(snapshot).toMatchObject({ status: 0, err: '' });
    expect(snapshot.out).toMatch(/^sha256:[0-9a-f]{64}\n12 items; 3 without a price, 0 .* 3 out of stock\n$/);
    const learned = cli('strategies', 'learn', 'shop.popular');
    expect(learned).toMatchObject({ status: 0, err: '' });
    expect(learned.out).toMatch(/^shop\.popular@1 learned from 450 events of 200 recipients before /);
    expect(cli('strategies', 'learn', 'shop.plain').err).toContain('learns nothing');
    await withService(async ({ ctx }) => {
      await changeStatus(ctx, 'shop', 'start');
      await assigned(ctx, recipients);
    });
    expect(cli('replay', 'shop')).toEqual({
      status: 0,
      out: `shop: ${recipients} decisions made again, no difference\n`,
      err: '',
    });
  }, 240_000);

  it('finds every row that somebody changed', async () => {
    await withService(async ({ ctx }) => {
      const rows = await ctx
        .db<{ id: string; inputs: { history: object[] } }>('decisions')
        .whereNotNull('items');
      const [first, second, third] = rows.filter(({ inputs }) => inputs.history.length > 0);
      if (!first || !second || !third) throw new Error('nobody with a history was enrolled');
      const change = (id: string, columns: object) => ctx.db('decisions').where({ id }).update(columns);
      await change(first.id, { items: JSON.stringify([['hats-1', 9, 'because']]) });
      await change(second.id, { inputs: JSON.stringify({ ...second.inputs, history: [] }) });
      await change(third.id, { reason: 'rule vip' });
      await ctx.db.raw(
        `update contents set slots = '{"headline": "Our pigs"}' where slots::text like '%Our picks%'`,
      );
    });
    const replayed = cli('replay', 'shop');
    expect(replayed.status).toBe(1);
    const [, different] = /(\d+) DIFFERENT/.exec(replayed.out) ?? [];
    expect(Number(different)).toBeGreaterThan(recipients / 3);
    expect(replayed.out).toContain('the content that was delivered was changed');
    await withService(async ({ ctx }) => {
      await ctx.db.raw(
        `update contents set slots = '{"headline":"Our picks"}' where slots::text like '%pigs%'`,
      );
    });
    const again = cli('replay', 'shop');
    expect(again.out).toContain('3 DIFFERENT');
    expect(again.out).toMatch(/items was .*because.*, is /);
    expect(again.out).toMatch(/reason was "rule vip", is "best sellers in/);
  }, 120_000);

  it('says how it is used', () => {
    expect(cli('replay')).toMatchObject({ status: 2 });
    expect(cli('replay', 'none')).toMatchObject({ status: 1, err: 'There is no experiment "none".\n' });
    expect(cli('replay', '--help').out).toContain('Exit code');
  });
});
