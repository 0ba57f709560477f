import { cpus } from 'node:os';

import { median } from './rounds.mjs';
import { startService } from './service.mjs';

const rounds = Number(process.argv[2] ?? 5);
const batch = 10_000;
const warmUps = 1;
const items = 500;
const most = 2;

const bare = {
  key: 'bare',
  factors: [
    {
      key: 'headline',
      levels: ['plain', 'warm'].map((key) => ({ key, slots: { headline: `Spring is here, ${key}` } })),
    },
  ],
};

const rules = {
  kind: 'rules',
  rules: Array.from({ length: 20 }, (_, i) => ({
    id: `bought-${i}`,
    priority: 20 - i,
    when: {
      all: [
        { trait: 'orders', op: 'gte', value: i % 7 },
        { event: 'purchase', measure: 'count', op: 'gte', value: 1 + (i % 4), within: `${i + 1}d` },
      ],
    },
    slots: { headline: `Something for buyers ${i}` },
  })),
  default: { headline: 'Spring is here' },
};

const popular = {
  kind: 'popular',
  slots: { headline: 'Picked for you' },
  from: 'favourite_category',
  items: 4,
};

const decided = {
  key: 'decided',
  eligibility: { inStock: true, notBought: '90d' },
  factors: [
    {
      key: 'strategy',
      levels: [
        { key: 'rules', strategy: rules },
        { key: 'popular', strategy: popular, fallback: { headline: 'Spring is here' } },
      ],
    },
  ],
};

const common = {
  hypothesis: 'None: only the time is looked at.',
  metrics: [{ key: 'clicked', type: 'proportion', event: 'clicked', role: 'primary', direction: 'increase' }],
  window: '14d',
};

const service = await startService();
try {
  await fill();
  for (const draft of [bare, decided]) await post('/v1/experiments', { ...draft, ...common });
  await post('/v1/catalogue/snapshots', {});
  await post('/v1/strategies/decided.popular/learn', {});
  for (const { key } of [bare, decided]) await post(`/v1/experiments/${key}/start`, {});
  print(await measure());
} finally {
  await service.stop();
}

/** A catalogue, and two events of every recipient: a purchase and a view. */
async function fill() {
  const catalogue = Array.from({ length: items }, (_, i) => ({
    item: `sku-${i}`,
    category: `category-${i % 10}`,
    price: '9.90',
    currency: 'EUR',
    stock: i % 9,
  }));
  await post('/v1/items', { items: catalogue });
  const hour = 3_600_000;
  for (let round = 0; round < rounds + warmUps; round += 1) {
    const events = Array.from({ length: batch }, (_, i) => {
      const n = round * batch + i;
      const event = (type, item, hours) => ({
        id: `${type}-${n}`,
        type,
        recipient: idOf(n),
        item: `sku-${item % items}`,
        category: `category-${(item % items) % 10}`,
        at: new Date(Date.now() - hours * hour).toISOString(),
      });
      return [event('purchase', n * 7, 24 + (n % 600)), event('view', n * 11, 1 + (n % 300))];
    }).flat();
    for (let i = 0; i < events.length; i += 10_000) {
      await post('/v1/events', { events: events.slice(i, i + 10_000) });
    }
  }
}

/** New recipients of both experiments in turn, which of the two comes first by turns. */
async function measure() {
  const times = { bare: [], decided: [], ratio: [] };
  for (let round = -warmUps; round < rounds; round += 1) {
    const recipients = Array.from({ length: batch }, (_, i) => ({
      id: idOf((round + warmUps) * batch + i),
      traits: { country: i % 3 === 0 ? 'AT' : 'DE', orders: i % 7 },
    }));
    const ms = {};
    for (const key of round % 2 === 0 ? ['bare', 'decided'] : ['decided', 'bare']) {
      const start = performance.now();
      const answer = await post(`/v1/experiments/${key}/assignments`, { recipients });
      ms[key] = performance.now() - start;
      check(key, answer);
    }
    if (round < 0) continue;
    times.bare.push(ms.bare);
    times.decided.push(ms.decided);
    times.ratio.push(ms.decided / ms.bare);
  }
  return times;
}

function idOf(n) {
  return `user${n}@example.com`;
}

function check(key, { assignments }) {
  const fallbacks = assignments.filter(({ delivered }) => delivered !== 'strategy').length;
  const withItems = assignments.filter((one) => one.items?.length > 0).length;
  if (assignments.length !== batch || fallbacks > 0 || withItems > 0 !== (key === 'decided')) {
    throw new Error(`unexpected answer: ${fallbacks} fallbacks, ${withItems} with items`);
  }
}

async function post(path, body) {
  const headers = { Authorization: `Bearer ${service.apiKey}`, 'Content-Type': 'application/json' };
  const response = await globalThis.fetch(`${service.url}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

function print({ bare: without, decided: all, ratio }) {
  const spread = (list) => `${Math.min(...list).toFixed(0)} to ${Math.max(...list).toFixed(0)}`;
  console.log('| 10,000 new recipients over HTTP | ms, median | fastest to slowest | x bare |');
  console.log('| --- | ---: | ---: | ---: |');
  console.log(
    `| Fixed content: drawn, enrolled, committed | ${median(without).toFixed(0)} | ${spread(without)} | 1.00 |`,
  );
  console.log(
    `| 20 rules with windows, best sellers of 500 items: histories read, decided, kept with their inputs | ${median(all).toFixed(0)} | ${spread(all)} | ${median(ratio).toFixed(2)} |`,
  );
  console.log(`\n${rounds} rounds in turn, own process, Node ${process.version}, ${cpus()[0].model}.`);
  if (median(ratio) > most) {
    console.error(`Deciding and storing must take at most ${most} times the bare assignment.`);
    process.exitCode = 1;
  }
}
