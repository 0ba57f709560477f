import { type ListedScorer, listScorers } from '../../flows/find-scorers.js';
import { shownTime } from '../shown-time.js';
import { type Page, type PageCall, render } from './page.js';

const breakers = {
  closed: 'Asked',
  half_open: 'Tried again with the next call',
  open: 'Not asked: it failed',
} as const;

async function show(call: PageCall): Promise<void> {
  const scorers = await listScorers(call.web.ctx);
  await render(call, 'scorers', {
    title: 'Scorers',
    nav: 'data',
    ...{ scorers: scorers.map(shown) },
  });
}

function shown({ name, version, hash, definition, registeredBy, createdAt, state }: ListedScorer) {
  const { card, features } = definition;
  const milliseconds = (ms: number | null): string => (ms === null ? '–' : `${Math.round(ms)} ms`);
  return {
    reference: `${name}@${version}`,
    hash,
    where: definition.type === 'http' ? definition.url : `ONNX file ${definition.file.slice(0, 19)}…`,
    model: definition.type === 'http' ? definition.model : undefined,
    features,
    card,
    measures: Object.entries(card.measures ?? {}).map(([measure, value]) => `${measure} ${value}`),
    window: `${card.window.from === undefined ? 'until' : `${card.window.from} to`} ${card.window.until}`,
    registered: `${shownTime(new Date(createdAt))} by ${registeredBy}`,
    breaker: breakers[state.breaker],
    until: state.until === undefined ? undefined : shownTime(new Date(state.until)),
    calls: state.calls.toLocaleString('en'),
    failures: state.failures.toLocaleString('en'),
    p50: milliseconds(state.p50),
    p95: milliseconds(state.p95),
    scored: state.scored.toLocaleString('en'),
    unscored: state.unscored.toLocaleString('en'),
    reasons: Object.entries(state.reasons).map(([code, count]) => ({
      code,
      count: count.toLocaleString('en'),
    })),
  };
}

export const scorersPage: Page = { method: 'get', path: '/scorers', scopes: ['analyst'], handle: show };
