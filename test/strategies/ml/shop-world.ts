import type { Behaviour, History } from '../../../src/profiles/history.js';
import type { KnownTraits, LearningLog } from '../../../src/strategies/strategy.js';
import { seededRandom } from '../../../src/evaluation/random.js';

const day = 86_400_000;
export const shopClock = new Date('2024-05-06T07:08:09Z');

/**
 * A shop whose recipients have a taste and a rhythm that last: those with an even number buy shoes, the others books; the
 * keen every few days, the others rarely. Who stopped a while ago stays away.
 */
export function shopLog(recipients: number, seed = 'shop', clock = shopClock): LearningLog {
  const random = seededRandom(seed);
  const histories = new Map<string, History>();
  const traits = new Map<string, KnownTraits>();
  for (let r = 0; r < recipients; r++) {
    const key = `r_${String(r).padStart(5, '0')}`;
    const category = r % 2 === 0 ? 'shoes' : 'books';
    const rhythm = r % 3 === 0 ? 6 : 45;
    const stopped = r % 5 === 0 ? 40 + random.below(60) : 0;
    const history: Behaviour[] = [];
    for (let age = 200; age > stopped; age -= rhythm * (0.5 + random.next())) {
      const at = clock.getTime() - Math.round(age * day);
      const other = random.next() < 0.15;
      const where = other ? (category === 'shoes' ? 'books' : 'shoes') : category;
      const event = { at, item: `${where}-${random.below(3)}`, category: where };
      history.push({ id: `${key}-v${history.length}`, type: 'view', ...event, at: at - 1_000 });
      history.push({
        id: `${key}-p${history.length}`,
        type: 'purchase',
        ...event,
        value: 1_990,
        currency: 'EUR',
      });
    }
    histories.set(
      key,
      history.filter(({ at }) => at < clock.getTime()),
    );
    traits.set(key, { plan: { value: r % 3 === 0 ? 'gold' : 'basic', at: clock.getTime() - 300 * day } });
  }
  return { histories, traits, trials: new Map(), catalogue: { hash: 'sha256:none', items: [] } };
}
