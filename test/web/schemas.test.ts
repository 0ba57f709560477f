import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { jsonSchemas } from '../../src/strategies/json-schema.js';
import { misfit } from '../support/json-schema.js';
import { type Harness, openHarness } from './web-harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.database.close());

test.each(['rules', 'tree'] as const)('the schema of %s is open to everybody', async (kind) => {
  const answer = await request(harness.app).get(`/schemas/${kind}.json`).expect(200);
  expect(answer.type).toBe('application/json');
  expect(answer.body).toEqual(jsonSchemas[kind]());
  expect(misfit(answer.body, { kind, default: { subject: 'x' } })).toBeDefined();
});
