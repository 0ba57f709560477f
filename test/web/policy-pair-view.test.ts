import { expect, it } from 'vitest';
import type { PolicyPreview } from '../../src/flows/preview-policy.js';
import { pairView } from '../../src/web/policy-pair-view.js';

const refused = { refused: true, code: 'too_few', reason: 'r' } as const;
const all = (of: object) => ({ snips: of, ips: of, dr: of });

/** What the page says of a difference whose interval is without 0, by how many decisions carry it. */
function saidOf(carried: number): string {
  const difference = { value: 2, se: 1, interval: [0.1, 9], z: 2, differing: 40, carried };
  const one = (of: string) => ({ of, value: refused, values: all(refused) });
  const against = { ...one('b@1'), difference, differences: all(difference) };
  const preview = {
    strategy: one('a@1'),
    decisions: { used: 400, leftOut: [], sampled: false },
    meaning: [],
  };
  return pairView(
    preview as unknown as PolicyPreview,
    against as unknown as NonNullable<PolicyPreview['against']>,
    { metric: undefined, currency: undefined },
  ).says;
}

it('the page shows nothing of two strategies by a difference that few decisions carry', () => {
  expect(saidOf(2)).toMatch(/^Not known which of a@1 and b@1 is better\. As much as 2\.0 decisions of equal reward carry the difference, too few to show anything; \+2\.0 for each recipient/); // prettier-ignore
  expect(saidOf(20)).toMatch(/^On this log a@1 is shown to bring more than b@1: \+2\.0 for each recipient/);
});
