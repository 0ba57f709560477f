import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { checkModels } from '../../src/flows/check-models.js';
import { findModel } from '../../src/flows/find-models.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { day, harnessForModels, measured, shop } from '../flows/measured-models.js';

const h = harnessForModels();

describe('pages', () => {
  it('show everything that a report says, promote with a reason, and close alerts', async () => {
    measured((on) => (on === '2026-03-01' ? 0.8 : 0.7));
    await shop(h().ctx);
    await learnStrategy(h().ctx, 'best-sellers');
    day(h(), 2);
    await learnStrategy(h().ctx, 'best-sellers');
    await checkModels(h().ctx);
    const session = await h().signIn('admin');
    const get = (path: string) => request(h().app).get(path).set('Cookie', session.cookie);
    const list = await get('/models');
    expect(list.text).toContain('href="/models/best-sellers/2"');
    const page = await get('/models/best-sellers/2');
    for (const text of [
      ...[
        'Calibration',
        'calibration-chart',
        'Days since the last order',
        'Worse without it',
        'if recency &lt; 31',
      ],
      ...[
        'gradient boosting',
        'With fewer features',
        'One column does as well',
        'not better, so best-sellers/1 stays',
      ],
      ...['bought within 30 days', 'no consent', 'popularity', 'Nobody clicked.'],
    ])
      expect(page.text).toContain(text);
    const promote = (why: string) => h().submit('/models/best-sellers/2/promote', session, { why });
    const refused = await promote('');
    expect([refused.status, refused.text.includes('say why')]).toEqual([422, true]);
    expect((await promote('I know better.')).status).toBe(303);
    expect((await findModel(h().ctx, 'best-sellers', 2)).inUse).toBe(true);
    expect((await get('/models/best-sellers/99')).status).toBe(404);
    expect((await get('/models?from=9999')).text).toContain('no more models');
    const answer = await get('/v1/models/best-sellers/2');
    expect(answer.status).toBe(200);
  });
});
