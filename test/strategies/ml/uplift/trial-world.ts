import { seededRandom } from '../../../../src/evaluation/random.js';
import type { Behaviour } from '../../../../src/profiles/history.js';
import type { KnownTraits, LearningLog, Trial, TrialRow } from '../../../../src/strategies/strategy.js';

export const trialClock = new Date('2024-05-06T07:08:09Z');
const day = 86_400_000;

/** A finished trial of three arms: the mail helps those who bought lately, and among the others nobody. */
export function trialLog(
  size: number,
  withFolds = true,
): Pick<LearningLog, 'histories' | 'traits' | 'trials'> {
  const random = seededRandom('trial world');
  const histories = new Map<string, readonly Behaviour[]>();
  const traits = new Map<string, KnownTraits>();
  const rows: TrialRow[] = [];
  for (let i = 0; i < size; i++) {
    const recipient = `r_${String(i).padStart(6, '0')}`;
    const at = trialClock.getTime() - (20 + (i % 10)) * day;
    const buyer = random.next() < 0.5;
    const arm = random.below(3);
    const bought = { id: `b${i}`, type: 'purchase', at: at - 3 * day, item: 'boots', category: 'shoes' };
    const viewed = { id: `v${i}`, type: 'view', at: at - 9 * day, item: 'boots', category: 'shoes' };
    histories.set(recipient, buyer ? [viewed, bought] : [viewed]);
    traits.set(recipient, { plan: { value: i % 3 === 0 ? 'gold' : 'basic', at: at - day } });
    const p = 0.2 + (arm === 1 && buyer ? 0.5 : 0);
    const outcomes = i % 50 === 7 ? {} : { ordered: random.next() < p ? 1 : 0 };
    rows.push({ recipient, arm, at, ...(withFolds && { fold: random.below(20) }), outcomes } as TrialRow);
  }
  const trial: Trial = { arms: ['none', 'mail', 'other'], shares: [0.25, 0.5, 0.25], rows };
  return { histories, traits, trials: new Map([['spring', trial]]) };
}
