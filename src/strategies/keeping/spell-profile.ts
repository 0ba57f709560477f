import { currencyExponent, formatAmount } from '../../experiments/money.js';
import type { Behaviour, Profile } from '../../profiles/history.js';

const dayMs = 86_400_000;

/** A profile in one line, for people: traits, and events told by their age. */
export function spellProfile({ traits, history }: Profile, clock: number): string {
  const known = byName(traits).flatMap(([trait, value]) =>
    value === null ? [] : [`${trait} ${JSON.stringify(value)}`],
  );
  const events = runsOf(history, clock).map(([text, n]) => (n === 1 ? text : `${n} × ${text}`));
  const all = [...known, ...events];
  return all.length === 0 ? 'nothing known and no event' : all.join(', ');
}

function byName(traits: Profile['traits']): [string, string | number | boolean | null][] {
  return Object.entries(traits).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Equal events together, the first ones first. */
function runsOf(history: readonly Behaviour[], clock: number): [string, number][] {
  const runs = new Map<string, number>();
  for (const event of history) {
    const text = spellBehaviour(event, clock);
    runs.set(text, (runs.get(text) ?? 0) + 1);
  }
  return [...runs];
}

function spellBehaviour(event: Behaviour, clock: number): string {
  const { category, item, order, currency, value, properties } = event;
  const about = [
    ...Object.entries({ category, item, order, ...properties }).flatMap(([name, known]) =>
      known === undefined ? [] : [`${name} ${JSON.stringify(known)}`],
    ),
    ...(value === undefined ? [] : [amount(value, currency)]),
  ];
  const more = about.length === 0 ? '' : ` (${about.join(', ')})`;
  return `${event.type} ${age(clock - event.at)} ago${more}`;
}

function amount(value: number, currency: string | undefined): string {
  if (currency === undefined || !Number.isSafeInteger(value)) return `value ${value}`;
  return `${formatAmount(BigInt(value), currencyExponent(currency))} ${currency}`;
}

function age(ms: number): string {
  const [n, unit] =
    ms < 2 * dayMs ? [Math.round(ms / 3_600_000), 'hour'] : [Number((ms / dayMs).toFixed(1)), 'day'];
  return `${n} ${unit}${n === 1 ? '' : 's'}`;
}
