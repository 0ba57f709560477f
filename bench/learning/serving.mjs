import pg from 'pg';
import { startService } from '../service.mjs';

/*
 * Whether learning keeps those waiting who ask for arms: single assignments, four at a time, in turns with and without a
 * learning beside them. Ratios of the 99th percentile are of the same process a moment apart. DATABASE_URL: a server on
 * which a database may be made; otherwise the embedded one. RECIPIENTS: 20000. LEARN: best, which mostly reads, or taste (ALS),
 * which mostly computes.
 */
const recipients = Number(process.env.RECIPIENTS ?? 20_000);
const rounds = 4;
const perRound = 600;
const atOnce = 4;
const aim = 2;
const learner = process.env.LEARN ?? 'best';

const database = await makeDatabase();
const service = await startService(database.url);
try {
  await fill();
  const figures = { alone: [], beside: [], learnings: 0 };
  await ask('warm', 400);
  for (let round = 0; round < rounds; round += 1) {
    figures.alone.push(...(await ask(`a${round}`, perRound)));
    const learning = keepLearning();
    figures.beside.push(...(await ask(`b${round}`, perRound)));
    figures.learnings += await learning.end();
  }
  const [alone, beside] = [figures.alone, figures.beside].map((times) => times.sort((a, b) => a - b));
  const at = (times, share) => times[Math.floor(share * (times.length - 1))];
  const row = (share) =>
    `| p${100 * share} | ${at(alone, share).toFixed(1)} | ${at(beside, share).toFixed(1)} | ${(at(beside, share) / at(alone, share)).toFixed(2)} |`;
  console.log(
    `${database.url ? 'PostgreSQL' : 'embedded'}, ${recipients} recipients, ${figures.learnings} learnings ended meanwhile\n`,
  );
  console.log(
    [
      '| | alone, ms | while learning, ms | ratio |',
      '| --- | ---: | ---: | ---: |',
      ...[0.5, 0.9, 0.99].map(row),
    ].join('\n'),
  );
  if (at(beside, 0.99) / at(alone, 0.99) > aim) {
    console.log(`\nAbove the aim of ${aim}.`);
    process.exitCode = 1;
  }
} finally {
  await service.stop();
  await database.drop();
}

/** Learns again and again, each a little different; what goes on at the end is ended. */
function keepLearning() {
  let isOver = false;
  const going = (async () => {
    let [done, run] = [0];
    while (!isOver) {
      run ??= (await post(`/v1/strategies/${learner}/learn`, { seed: `${Math.random()}`, waitSeconds: 0 }))
        .id;
      const { status } = run ? await get(`/v1/learning-runs/${run}`) : { status: 'done' };
      if (status === 'failed') throw new Error('learning failed');
      if (status === 'done') [done, run] = [done + 1];
      else await new Promise((resolve) => setTimeout(resolve, 250));
    }
    if (run) await post(`/v1/learning-runs/${run}/stop`, {}).catch(() => undefined);
    return done;
  })();
  return { end: () => ((isOver = true), going) };
}

async function ask(name, count) {
  const times = [];
  let next = 0;
  const one = async () => {
    while (next < count) {
      const id = `${name}-${(next += 1)}@example.com`;
      const begun = performance.now();
      await post('/v1/experiments/serving/assignments', { recipients: [{ id }] });
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return times;
}

async function fill() {
  await recordItems();
  await recordHistories();
  await post('/v1/catalogue/snapshots', {});
  const slots = { headline: 'Picked for you' };
  await post('/v1/strategies', { name: 'best', definition: { kind: 'popular', slots, items: 3 } });
  const taste = { kind: 'collaborative', slots, items: 3, method: 'als' };
  await post('/v1/strategies', { name: 'taste', definition: taste });
  await post('/v1/strategies/best/learn', { waitSeconds: 60 });
  await startExperiment(slots);
}

async function recordItems() {
  const items = Array.from({ length: 500 }, (_, i) => ({
    item: `sku-${i}`,
    category: `c${i % 10}`,
    price: '9.90',
    currency: 'EUR',
  }));
  await post('/v1/items', { items });
}

/** Six views and purchases of everybody, spread over 2,000 hours. */
async function recordHistories() {
  const hour = 3_600_000;
  for (let from = 0; from < recipients; from += 1_000) {
    const events = Array.from({ length: 1_000 }, (_, i) => from + i).flatMap((n) =>
      Array.from({ length: 6 }, (_, k) => ({
        ...{ id: `e-${n}-${k}`, type: k % 3 === 0 ? 'purchase' : 'view', recipient: `user${n}@example.com` },
        ...{
          item: `sku-${(n * 7 + k * 13) % 500}`,
          at: new Date(Date.now() - (1 + ((n + k * 97) % 2_000)) * hour).toISOString(),
        },
      })),
    );
    await post('/v1/events', { events });
  }
}

async function startExperiment(slots) {
  await post('/v1/experiments', {
    ...{ key: 'serving', title: 'Serving', hypothesis: 'None.', window: '14d' },
    factors: [
      {
        key: 'strategy',
        levels: [
          { key: 'plain', strategy: { kind: 'static', slots } },
          { key: 'best', strategy: 'best@1', fallback: slots },
        ],
      },
    ],
    metrics: [
      { key: 'clicked', type: 'proportion', event: 'clicked', role: 'primary', direction: 'increase' },
    ],
  });
  await post('/v1/experiments/serving/start', {});
}

async function get(path) {
  return (
    await fetch(`${service.url}${path}`, { headers: { Authorization: `Bearer ${service.apiKey}` } })
  ).json();
}

async function post(path, body) {
  const headers = { Authorization: `Bearer ${service.apiKey}`, 'Content-Type': 'application/json' };
  const answer = await fetch(`${service.url}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function makeDatabase() {
  const server = process.env.DATABASE_URL;
  if (server === undefined) return { url: undefined, drop: () => undefined };
  const name = `postulate_bench_${Date.now()}`;
  const run = async (sql) => {
    const admin = new pg.Client({ connectionString: server });
    await admin.connect();
    await admin.query(sql);
    await admin.end();
  };
  await run(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`drop database ${name} with (force)`) };
}
