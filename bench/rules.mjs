import { cpus } from 'node:os';

import { Engine } from 'json-rules-engine';

import { median } from './rounds.mjs';

/**
 * Twenty rules with event windows over prepared profiles: how many recipients are decided for in a second, beside
 * json-rules-engine with the same rules, priorities and answers. Fails below the aims or where two answers differ.
 */

const rounds = 21;
const roundMs = 150;
const aimPerSecond = 200_000;
const aimRatio = 5;
const dayMs = 86_400_000;
const clock = new Date('2026-06-15T12:00:00Z');

const { rulesKind } = await import('../dist/src/strategies/rules/rules.js').catch(() => {
  throw new Error('Postulate is not compiled: run "npm run build" in the folder above first');
});

const categories = ['shoes', 'books', 'garden', 'toys', 'food'];
const countries = ['AT', 'DE', 'FR', 'US'];
const profiles = Array.from({ length: 1_000 }, (_, i) => makeProfile(i));
const abroad = profiles.map(({ traits, history }) => ({
  traits: { ...traits, timezone: 'Europe/Vienna' },
  history,
}));
const rules = makeRules();

const decide = postulate();
const engine = makeEngine();
const facts = profiles.map(factsOf);

const answers = { rules: 0, none: 0 };
for (const [i, profile] of profiles.entries()) {
  const [ours, theirs] = [decide(profile), await theirAnswer(i)];
  if (ours !== theirs) throw new Error(`recipient ${i}: Postulate says ${ours}, json-rules-engine ${theirs}`);
  answers[ours === 'default' ? 'none' : 'rules'] += 1;
}

const contenders = [
  { name: 'Postulate', run: (count) => repeat(count, (i) => decide(profiles[i])) },
  {
    name: 'Postulate, calendars of a time zone',
    run: (count) => repeat(count, (i) => decide(abroad[i])),
  },
  {
    name: 'Postulate, profiles seen for the first time',
    run: (count) =>
      repeat(count, (i) => decide({ traits: profiles[i].traits, history: [...profiles[i].history] })),
  },
  { name: 'json-rules-engine 7.3.1', run: (count) => repeatAsync(count, theirAnswer) },
];
const { rates, byWall } = await interleaved(contenders);
const peer = rates.at(-1);

console.log(
  '| contender | decisions per second of processor time, median | slowest to fastest round | by the clock on the wall, median | x json-rules-engine |',
);
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const [i, { name }] of contenders.entries()) {
  const ratio = median(rates[i].map((rate, round) => rate / peer[round]));
  const spread = `${thousands(Math.min(...rates[i]))} to ${thousands(Math.max(...rates[i]))}`;
  console.log(
    `| ${name} | ${thousands(median(rates[i]))} | ${spread} | ${thousands(median(byWall[i]))} | ${ratio.toFixed(1)} |`,
  );
}
const events = profiles.reduce((sum, { history }) => sum + history.length, 0) / profiles.length;
console.log(
  `\n${rules.length} rules, ${profiles.length} recipients with ${events.toFixed(0)} events each on average, of whom ${answers.rules} match a rule and ${answers.none} none; the same answers from both; ${rounds} interleaved rounds, Node ${process.version}, ${cpus()[0].model}.`,
);

const perSecond = median(rates[0]);
const ratio = median(rates[0].map((rate, round) => rate / peer[round]));
if (perSecond < aimPerSecond) fail(`Postulate is below ${aimPerSecond} decisions a second`);
if (ratio < aimRatio) fail(`Postulate is below ${aimRatio} times json-rules-engine`);

function makeProfile(i) {
  let state = i;
  /** Mulberry32: a whole number from 0, below `most`. */
  const chance = (most) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * most);
  };
  const types = ['purchase', 'view', 'view', 'view', 'cart', 'opened', 'clicked'];
  const history = Array.from({ length: chance(60) }, () => {
    const type = types[chance(types.length)];
    return {
      type,
      at: clock.getTime() - chance(150 * 24) * 3_600_000 - 1,
      category: categories[chance(categories.length)],
      ...(type === 'purchase' && { value: 500 + chance(20_000), currency: 'USD' }),
      ...((type === 'opened' || type === 'clicked') && { class: chance(3) === 0 ? 'scanner' : 'human' }),
    };
  }).sort((a, b) => a.at - b.at);
  return {
    traits: { country: countries[chance(4)], loyalty: chance(2) === 0, age: 18 + chance(60) },
    history: history.map((event, n) => ({ id: `e${n}`, ...event })),
  };
}

/** Each with one or two looks at events in a window, as rules of campaigns have them. */
function makeRules() {
  const inCategory = (category) => [{ property: 'category', op: 'eq', value: category }];
  return Array.from({ length: 20 }, (_, i) => {
    const category = categories[i % 5];
    const looks = [
      { event: 'purchase', where: inCategory(category), op: 'gte', value: 2, within: `${60 + i}d` },
      { event: 'opened', op: 'gte', value: 3, within: `${30 + i}d` },
      { event: 'view', where: inCategory(category), op: 'gte', value: 2, within: `${30 + i}d` },
      {
        event: 'purchase',
        measure: 'sum',
        property: 'value',
        currency: 'USD',
        op: 'gt',
        value: 150,
        within: '90d',
      },
      { event: 'purchase', measure: 'days_since_last', op: 'gt', value: 60 + i },
    ];
    const traits = [
      { trait: 'country', op: 'in', value: countries.slice(0, 1 + (i % 3)) },
      { trait: 'loyalty', op: 'eq', value: i % 2 === 0 },
      { trait: 'age', op: 'gte', value: 40 + i },
    ];
    const when = { all: [looks[i % 5], traits[i % 3], { any: [looks[(i + 2) % 5], looks[(i + 1) % 5]] }] };
    return { id: `rule-${i}`, priority: 100 - i, when, slots: { subject: `Offer ${i}` } };
  });
}

function postulate() {
  const parsed = rulesKind.parse({ kind: 'rules', rules, default: { subject: 'Hello' } });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const parts = { learned: null, contents: new Map(), segments: new Map() };
  const decider = rulesKind.prepare(parsed.value, parts);
  const candidates = () => [];
  return (profile) => decider.decide(profile, candidates, clock).reason;
}

/**
 * Its documented ways: operators of its own, a dynamic fact with parameters for what is counted of events, which it
 * caches within a run, and stop() on the first success. It is handed the events sorted by type, so that it pays for
 * no more than the events asked for.
 */
function makeEngine() {
  const engine = new Engine([], { allowUndefinedFacts: true });
  engine.addFact('events', async (params, almanac) => measure(await almanac.factValue('tracks'), params));
  for (const { id, priority, when } of rules) {
    engine.addRule({
      name: id,
      priority,
      conditions: conditionOf(when),
      event: { type: 'rule', params: { id } },
      onSuccess: () => engine.stop(),
    });
  }
  return engine;
}

function conditionOf(part) {
  if (part.all) return { all: part.all.map(conditionOf) };
  if (part.any) return { any: part.any.map(conditionOf) };
  const operator = {
    gt: 'greaterThan',
    gte: 'greaterThanInclusive',
    eq: 'equal',
    in: 'in',
  }[part.op];
  if (part.trait) return { fact: part.trait, operator, value: part.value };
  const { event, where, measure: kind = 'count', within } = part;
  const params = {
    type: event,
    category: where?.[0].value,
    kind,
    days: within && Number.parseInt(within, 10),
  };
  return { fact: 'events', params, operator, value: part.value };
}

function measure(tracks, { type, category, kind, days }) {
  const since = days === undefined ? -Infinity : clock.getTime() - days * dayMs;
  let [count, cents, last] = [0, 0, undefined];
  for (const event of tracks[type] ?? []) {
    if (event.at < since) continue;
    if (category !== undefined && event.category !== category) continue;
    if (event.class !== undefined && event.class !== 'human') continue;
    count += 1;
    cents += event.value ?? 0;
    last = event.at;
  }
  if (kind === 'count') return count;
  return kind === 'sum' ? cents / 100 : last === undefined ? undefined : (clock.getTime() - last) / dayMs;
}

function factsOf({ traits, history }) {
  const tracks = {};
  for (const event of history) (tracks[event.type] ??= []).push(event);
  return { ...traits, tracks };
}

async function theirAnswer(i) {
  const { events } = await engine.run(facts[i]);
  return events[0] ? `rule ${events[0].params.id}` : 'default';
}

function repeat(count, run) {
  let sum = 0;
  for (let n = 0; n < count; n += 1) sum += run(n % profiles.length).length;
  return sum;
}

async function repeatAsync(count, run) {
  let sum = 0;
  for (let n = 0; n < count; n += 1) sum += (await run(n % profiles.length)).length;
  return sum;
}

/**
 * In turn, round after round, so that a slow moment of the machine falls on all. By processor time, of all threads (the
 * collector's too): what one thread does while others have the processor says nothing.
 */
async function interleaved(all) {
  const counts = [];
  for (const { run } of all) {
    let rate = 1_000;
    for (let i = 0; i < 6; i += 1)
      rate = await rateOf(run, Math.max(500, Math.ceil((rate * roundMs) / 1_000)));
    counts.push(Math.ceil((rate * roundMs) / 1_000));
  }
  const found = { rates: all.map(() => []), byWall: all.map(() => []) };
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, { run }] of all.entries()) {
      const start = performance.now();
      found.rates[i].push(await rateOf(run, counts[i]));
      found.byWall[i].push((counts[i] / (performance.now() - start)) * 1_000);
    }
  }
  return found;
}

async function rateOf(run, count) {
  const before = process.cpuUsage();
  await run(count);
  const { user, system } = process.cpuUsage(before);
  return (count / (user + system)) * 1e6;
}

function thousands(rate) {
  return Math.round(rate < 10_000 ? rate : Math.round(rate / 1_000) * 1_000).toLocaleString('en');
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
