import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { loadReport } from '../../src/flows/load-report.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { recordItems } from '../../src/flows/record-items.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { replay } from '../../src/flows/replay.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import { reportAsCsv } from '../../src/reports/as-csv.js';
import { reportAsText } from '../../src/reports/as-text.js';
import { popularKind } from '../../src/strategies/popular.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { assigned, items, popular, shopDraft, startShop } from './shop.js';

let ctx: TestContext;

const database = databaseForTests();
beforeEach(() => {
  ctx = testContext(database.knex);
});
afterEach(() => vi.restoreAllMocks());

interface Row {
  recipient_key: string;
  id: string;
  manifest: string;
  delivered: string;
  delivered_strategy: string | null;
  assigned_strategy: string;
  fallback_reason: string | null;
  items: [string, number, string][] | null;
  inputs: { traits: object; history: { type: string }[] };
  trace: unknown;
}
const metrics = [{ use: 'conversion', role: 'primary' }];
const spent = {
  key: 'value',
  title: 'Spent',
  type: 'money',
  event: 'converted',
  cap: 20,
  direction: 'increase',
};
const ledger = () => database.knex<Row>('decisions').orderBy('recipient_key');

describe('the ledger', () => {
  it('keeps what was assigned, delivered, from which inputs, by which manifest', async () => {
    await startShop(ctx, 30);
    const answers = await assigned(ctx, 30);
    const personal = answers.filter(({ arm }) => arm === 'popular');
    expect(personal.length).toBeGreaterThan(5);
    for (const { id, items: chosen, decisionId, delivered } of personal) {
      const n = Number(id.split('-')[1]);
      const category = ['shoes', 'hats', 'books'][n % 3] ?? '';
      expect(delivered).toBe('strategy');
      expect(decisionId).toMatch(/^d_[\w-]{27}$/);
      expect(chosen?.map(({ item }) => item)).toEqual([`${category}-1`, `${category}-2`]);
      expect(chosen?.[0]).toMatchObject({ reason: `best seller in ${category}` });
    }
    const rows = await ledger();
    expect(new Set(rows.map(({ id }) => id)).size).toBe(answers.length);
    const manifests = await database.knex<{ hash: string; manifest: { arm: string } }>('manifests');
    expect(manifests.map(({ manifest }) => manifest.arm).sort()).toEqual(['plain', 'popular']);
    const own = rows.find(({ id }) => id === personal[0]?.decisionId);
    expect(own?.delivered_strategy).toBe(own?.assigned_strategy);
    expect(own?.inputs.history.map(({ type }) => type)).toContain('purchase');
    const category = ['shoes', 'hats', 'books'][Number(personal[0]?.id.split('-')[1]) % 3];
    expect(own?.trace).toEqual({ candidates: 12, favourite: category });
    expect(rows.filter(({ trace }) => trace === null)).toHaveLength(answers.length - personal.length);
  });

  it('shows an event to the very next decision', async () => {
    await startShop(ctx, 30);
    const at = new Date(ctx.clock().getTime() - 1_000).toISOString();
    const bought = Array.from({ length: 30 }, (_, i) => ({
      id: `new-${i}`,
      type: 'purchase',
      recipient: `person-${i - (i % 3)}`,
      item: 'books-1',
      at,
    }));
    await recordEvents(ctx, bought);
    const personal = (await assigned(ctx, 30)).filter(({ arm }) => arm === 'popular');
    const changed = personal.filter(({ id }) => Number(id.split('-')[1]) % 3 === 0);
    expect(changed.length).toBeGreaterThan(2);
    for (const { items: chosen } of changed) {
      expect(chosen?.[0]).toMatchObject({ item: 'books-1', reason: 'best seller in books' });
    }
  });

  it('reads no history where no strategy looks at any', async () => {
    const levels = ['a', 'b'].map((key) => ({ key, strategy: { kind: 'static', slots: { headline: key } } }));
    await createExperiment(ctx, shopDraft({ factors: [{ key: 'strategy', levels }] }));
    await changeStatus(ctx, 'shop', 'start');
    const asked: string[] = [];
    database.knex.on('query', ({ sql }: { sql: string }) => asked.push(sql));
    await assigned(ctx, 5);
    database.knex.removeAllListeners('query');
    expect(asked.some((sql) => /from events\b/.test(sql) && /row_number/.test(sql))).toBe(false);
  });

  it('stays as it is for a running arm, whatever is registered, taken or learned later', async () => {
    await startShop(ctx, 60);
    const before = await assigned(ctx, 30);
    await recordItems(ctx, [
      { item: 'hats-9', category: 'hats', stock: 5 },
      { item: items[0]?.item, stock: 0 },
    ]);
    await takeSnapshot(ctx);
    ctx.setTime('2026-03-02T09:00:00Z');
    const sold = Array.from({ length: 50 }, (_, i) => ({
      id: `late-${i}`,
      type: 'purchase',
      recipient: 'somebody',
      item: 'hats-9',
      at: '2026-03-01T12:00:00Z',
    }));
    await recordEvents(ctx, sold);
    await learnStrategy(ctx, 'best-sellers');
    await registerStrategy(ctx, { name: 'best-sellers', definition: { ...popular, items: 1 } });
    ctx.setTime('2026-03-01T09:00:00Z');
    const after = await assigned(ctx, 60);
    const ids = new Set(before.map(({ id }) => id));
    expect(JSON.stringify(after.filter(({ id }) => ids.has(id)))).toBe(JSON.stringify(before));
    const personal = after.filter(({ arm }) => arm === 'popular');
    expect(personal.every(({ items: chosen }) => chosen?.length === 2)).toBe(true);
    expect(JSON.stringify(personal)).not.toContain('hats-9');
    expect(JSON.stringify(personal)).toContain('shoes-1');
  });
});

describe('a strategy that breaks', () => {
  it('is fallen back from and counted, and the report says so in a banner', async () => {
    await startShop(ctx, 400, { currency: 'EUR', metrics: [...metrics, spent] });
    const real = popularKind.prepare.bind(popularKind);
    vi.spyOn(popularKind, 'prepare').mockImplementation((definition, parts) => {
      const { decide, ...whole } = real(definition, parts);
      let calls = 0;
      return {
        ...whole,
        decide: (...given) => {
          calls += 1;
          if (calls % 10 === 1) throw new TypeError('the scorer is broken');
          if (calls % 10 === 2) return { ...decide(...given), slots: { headline: ' ' } };
          if (calls % 10 === 3) {
            return { ...decide(...given), items: [{ item: 'no-such-item', score: 1, reason: 'wrong' }] };
          }
          return decide(...given);
        },
      };
    });
    const answers = await assigned(ctx, 400);
    expect(answers).toHaveLength(400);
    const personal = answers.filter(({ arm }) => arm === 'popular');
    const fellBack = personal.filter(({ delivered }) => delivered === 'fallback');
    expect(fellBack.length / personal.length).toBeCloseTo(0.3, 1);
    for (const { content, items: chosen } of fellBack) {
      expect(content).toEqual({ headline: 'Our picks' });
      expect(chosen).toBeUndefined();
    }
    expect(new Set(fellBack.map(({ fallbackReason }) => fallbackReason))).toEqual(
      new Set([
        'the strategy failed with TypeError',
        'slot headline was left out or blank',
        'an item was chosen that is no candidate',
      ]),
    );
    const report = await loadReport(ctx, 'shop');
    expect(report.health.find(({ check }) => check === 'fallback_share')).toMatchObject({
      severity: 'critical',
    });
    expect(report.metrics[0]?.comparisons[0]).toMatchObject({ arm: 'popular' });
    await convert(personal.filter(({ delivered }) => delivered === 'strategy').slice(0, 60));
    await convert(fellBack.slice(0, 7));
    await convert(answers.filter(({ arm }) => arm === 'plain').slice(0, 30));
    const { delivery } = await loadReport(ctx, 'shop');
    const own = personal.length - fellBack.length;
    expect(delivery?.arms[1]).toMatchObject({ arm: 'popular', n: personal.length, delivered: own });
    expect(delivery?.arms[1]?.fallbacks.reduce((sum, one) => sum + one.recipients, 0)).toBe(fellBack.length);
    const blank = fellBack.filter(({ fallbackReason }) => fallbackReason?.startsWith('slot headline'));
    expect(blank.length).toBeGreaterThan(10);
    expect(delivery?.arms[1]?.blanks).toEqual({ choices: blank.length, messages: 0 });
    const plain = answers.length - personal.length;
    const difference = (67 / personal.length - 30 / plain) / (own / personal.length);
    expect(delivery?.effects).toMatchObject([
      {
        metric: 'conversion',
        arm: 'popular',
        against: 'plain',
        difference: { value: expect.closeTo(difference, 10) },
      },
      {
        metric: 'value',
        difference: { value: expect.closeTo((67 * 20) / own - (30 * 20 * personal.length) / plain / own, 6) },
      },
    ]);
    const faces = [reportAsText(await loadReport(ctx, 'shop')), reportAsCsv(await loadReport(ctx, 'shop'))];
    expect(faces[0]).toContain('DELIVERED');
    expect(faces[0]).toContain(`got what the arm decided; the fallback: `);
    expect(faces[1]).toMatch(/\r\ndelivered_effect,conversion,,,popular,plain,/);
    expect(faces[1]).toMatch(/\r\nfallback,,,,popular,,the strategy failed with TypeError,\d+,/);
    const [row] = await ledger().where({ delivered: 'fallback' });
    expect(row).toMatchObject({ delivered_strategy: null, items: null });
    expect(row?.trace).toEqual([
      ['strategy', row?.fallback_reason],
      ['fallback of level', 'delivered'],
    ]);
  });

  it('does not hold up the others by hanging: two wait, the rest are not asked', async () => {
    await startShop(ctx, 60);
    const real = popularKind.prepare.bind(popularKind);
    const prepare = vi.spyOn(popularKind, 'prepare').mockImplementation((definition, parts) => {
      const { decide, ...whole } = real(definition, parts);
      let calls = 0;
      return {
        ...whole,
        decide: (...given) => {
          calls += 1;
          for (; calls > 4;) if (calls < 0) break;
          return decide(...given);
        },
      };
    });
    const started = performance.now();
    const answers = await assigned(ctx, 60);
    expect(performance.now() - started).toBeLessThan(5_000);
    const personal = answers.filter(({ arm }) => arm === 'popular');
    const reasons = personal.map(({ fallbackReason }) => fallbackReason ?? 'none');
    const count = (reason: string) => reasons.filter((one) => one === reason).length;
    expect(count('none')).toBe(4);
    expect(count('the strategy took too long')).toBe(2);
    expect(count('the strategy took too long for others, and was not asked')).toBe(personal.length - 6);
    expect(answers).toHaveLength(60);
    prepare.mockRestore();
    const replayed = await replay(ctx, 'shop');
    expect(replayed).toMatchObject({ decisions: 60, differenceCount: 0 });
  });
});

/** Each of them is sent to and converts for 30 euros, of which 20 count. */
async function convert(answers: readonly { messageId: string }[]): Promise<void> {
  const at = ctx.clock().toISOString();
  const events = answers.flatMap(({ messageId }) => [
    { id: `${messageId}-sent`, type: 'sent', messageId, at },
    { id: `${messageId}-bought`, type: 'converted', messageId, at, value: 30, currency: 'EUR' },
  ]);
  const recorded = await recordEvents(ctx, events);
  expect(recorded.every(({ status }) => status === 'recorded')).toBe(true);
}
