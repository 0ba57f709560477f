import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { selectNewestSegments } from '../../src/database/segment-versions.js';
import { listSegments } from '../../src/flows/find-segments.js';
import { readAudience } from '../../src/flows/load-audience.js';
import { rebuildMembers } from '../../src/flows/rebuild-members.js';
import { recordProfiles } from '../../src/flows/record-profiles.js';
import { registerSegment } from '../../src/flows/register-segment.js';
import { type TestContext, testContext } from '../support/context.js';
import { emptyTables, openTestDatabase } from '../support/database.js';

const database = await openTestDatabase();
const db = database.knex;
let ctx: TestContext;
beforeEach(async () => {
  await emptyTables(db);
  ctx = testContext(db);
});
afterAll(() => database.close());

describe('members that are made again', () => {
  it('go on where a rebuild was interrupted, and tell how far it is', async () => {
    for (let i = 0; i < 600; i += 100) {
      const some = Array.from({ length: 100 }, (_, j) => ({
        recipient: `r${i + j}`,
        traits: { country: 'AT' },
      }));
      await recordProfiles(ctx, some);
    }
    await registerSegment(ctx, { name: 'austria', when: { trait: 'country', op: 'eq', value: 'AT' } });
    const segments = await selectNewestSegments(db);
    const interrupted = rebuildMembers(ctx, segments, {
      onProgress: () => {
        throw new Error('the power is cut');
      },
    });
    await expect(interrupted).rejects.toThrow('the power is cut');
    const [half] = await listSegments(ctx);
    expect(half?.size).toBeUndefined();
    expect(half?.counting).toEqual({ judged: 250, recipients: 600 });
    const steps: number[] = [];
    await rebuildMembers(ctx, segments, { goesOn: true, onProgress: (judged) => steps.push(judged) });
    expect(steps).toEqual([500, 600]);
    const [whole] = await listSegments(ctx);
    expect([whole?.size?.members, whole?.counting]).toEqual([600, undefined]);
  });

  it('are not waited for where there is no segment', async () => {
    await recordProfiles(ctx, [{ recipient: 'ann', traits: { country: 'AT' } }]);
    await recordProfiles(ctx, [{ recipient: 'ann', traits: { country: 'DE' } }]);
    expect(await db('segment_touches')).toEqual([]);
    await registerSegment(ctx, { name: 'viewers', when: { event: 'view' } });
    await recordProfiles(ctx, [{ recipient: 'bob', traits: { country: 'AT' } }]);
    expect(await db('segment_touches')).not.toEqual([]);
  });
});

describe('the audience', () => {
  it('is looked at again after ten minutes and not before, and says as of when it is', async () => {
    const start = ctx.clock().getTime();
    const after = (ms: number): string => new Date(start + ms).toISOString();
    await recordProfiles(ctx, [{ recipient: 'ann', traits: { country: 'AT' } }]);
    expect(await readAudience(ctx)).toMatchObject({ people: 1, clock: after(0) });
    await recordProfiles(ctx, [{ recipient: 'bob', traits: { country: 'AT' } }]);
    ctx.setTime(after(600_000));
    expect(await readAudience(ctx)).toMatchObject({ people: 1, clock: after(0) });
    expect(await readAudience(ctx, 'USD')).toMatchObject({ people: 2, currency: 'USD' });
    ctx.setTime(after(600_001));
    expect(await readAudience(ctx)).toMatchObject({ people: 2, clock: after(600_001) });
  });
});
