import { chance } from './chance.js';

const firstDay = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const categories = ['bags', 'boots', 'hats', 'scarves', 'shirts', 'tea'];
const styles = ['city', 'garden', 'trail'];
const perKind = 6;

/** Items of `docs/examples/items.csv`: six of each category and style. */
const items = categories.flatMap((category) =>
  styles.flatMap((style) =>
    Array.from({ length: perKind }, (_, n) => ({ id: `${category}-${style}-${n + 1}`, category, style })),
  ),
);

export function itemsCsv(): string {
  return [
    'item,category,style',
    ...items.map(({ id, category, style }) => `${id},${category},${style}`),
    '',
  ].join('\n');
}

/**
 * What recipients of the demo shop bought, one after the other: docs/examples/interactions.csv. Each goes through two categories in
 * a style of their own, and buys best sellers now and then. Half bought five or six things, others up to forty.
 */
export function interactionsCsv(recipients = 200): string {
  const lines = Array.from({ length: recipients }, (_, r) => rowsOf(`r${100 + r}`, r)).flat();
  return ['recipient,item,at', ...lines, ''].join('\n');
}

function rowsOf(recipient: string, nth: number): string[] {
  const draw = (what: string, n = 0): number => chance(what, recipient, n);
  const size = nth % 2 === 0 ? 5 + (nth % 4) / 2 : 10 + Math.floor(30 * draw('size'));
  const style = styles[Math.floor(3 * draw('style'))];
  const [early, late] = ['early', 'late'].map((phase) => categories[Math.floor(6 * draw(phase))]);
  const bought = new Set<string>();
  for (let step = 0; bought.size < size && step < 1_000; step++) {
    const liked = bought.size < size / 3 ? early : late;
    const wanted = items.filter((item) => item.category === liked && item.style === style);
    const from = draw('stray', step) < 0.45 ? items : wanted;
    // The first of a list are best sellers.
    const item = from[Math.floor(from.length * draw('item', step) ** 1.5)];
    if (item) bought.add(item.id);
  }
  return [...bought].map((id, n) => {
    const at = firstDay + 24 * hour * (nth % 50) + 31 * hour * n;
    return `${recipient},${id},${new Date(at).toISOString().slice(0, 13)}:00Z`;
  });
}
