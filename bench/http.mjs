import { cpus } from 'node:os';

import { median } from './rounds.mjs';
import { startEcho, startService } from './service.mjs';

const rounds = 9;
const batch = 10_000;
const warmUps = 2;

const draft = {
  key: 'bench',
  title: 'Bench',
  hypothesis: 'None: only the time is looked at.',
  factors: [
    {
      key: 'strategy',
      levels: [
        { key: 'static', strategy: { kind: 'static', slots: { subject: 'Spring is here' } } },
        {
          key: 'rules',
          strategy: {
            kind: 'rules',
            rules: [
              {
                id: 'regulars',
                when: { trait: 'orders', op: 'gte', value: 3 },
                slots: { subject: 'Welcome back' },
              },
            ],
            default: { subject: 'Spring is here' },
          },
        },
      ],
    },
  ],
  control: 'static',
  metrics: [{ key: 'clicked', type: 'proportion', event: 'clicked', role: 'primary', direction: 'increase' }],
  window: '14d',
};

const echo = await startEcho();
const service = await startService();
try {
  await post(`${service.url}/v1/experiments`, JSON.stringify(draft));
  await post(`${service.url}/v1/experiments/bench/start`, '{}');
  const times = await measure();
  print(times);
} finally {
  await Promise.all([echo.stop(), service.stop()]);
}

async function measure() {
  const assignments = `${service.url}/v1/experiments/bench/assignments`;
  const times = { echo: [], enrol: [], again: [] };
  for (let round = -warmUps; round < rounds; round += 1) {
    const body = bodyOf(round + warmUps);
    const echoed = await timed(echo.url, body);
    const enrolled = await timed(assignments, body);
    const again = await timed(assignments, body);
    check(enrolled.text, again.text);
    if (round < 0) continue;
    times.echo.push(echoed.ms);
    times.enrol.push(enrolled.ms);
    times.again.push(again.ms);
  }
  return times;
}

function bodyOf(round) {
  const recipients = Array.from({ length: batch }, (_, i) => ({
    id: `user${round * batch + i}@example.com`,
    traits: { country: i % 3 === 0 ? 'AT' : 'DE', orders: i % 7 },
  }));
  return JSON.stringify({ recipients });
}

async function timed(url, body) {
  const start = performance.now();
  const text = await post(url, body);
  return { ms: performance.now() - start, text };
}

async function post(url, body) {
  const headers = { Authorization: `Bearer ${service.apiKey}`, 'Content-Type': 'application/json' };
  const response = await globalThis.fetch(url, { method: 'POST', headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 500)}`);
  return text;
}

/** An answer that came quickly but is wrong or different the second time counts for nothing. */
function check(first, second) {
  const { assignments } = JSON.parse(first);
  const arms = new Set(assignments.map(({ arm }) => arm));
  if (assignments.length !== batch || arms.size !== 2 || arms.has(undefined)) {
    throw new Error(`unexpected answer: ${first.slice(0, 500)}`);
  }
  if (first !== second) throw new Error('the same recipients were answered differently the second time');
}

function print(times) {
  const rows = [
    ['Bare node:http that sends the body back', times.echo],
    ['Postulate, recipients who are new: drawn, decided, enrolled, committed', times.enrol],
    ['Postulate, the same recipients again: read and compared', times.again],
  ];
  console.log('| batch of 10,000 over HTTP | ms, median | fastest to slowest | recipients/s | of the echo |');
  console.log('| --- | ---: | ---: | ---: | ---: |');
  for (const [name, all] of rows) {
    const ms = median(all);
    const spread = `${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)}`;
    const share = `${((100 * median(times.echo)) / ms).toFixed(1)} %`;
    console.log(
      `| ${name} | ${ms.toFixed(0)} | ${spread} | ${Math.round((batch / ms) * 1_000)} | ${share} |`,
    );
  }
  console.log(
    `\n${rounds} interleaved rounds, one request at a time, own processes, Node ${process.version}, ${cpus()[0].model}.`,
  );
}
