import { z } from 'zod';
import { listSnapshots, takeSnapshot } from '../../flows/take-snapshot.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const hash = z.string().describe('Of the items; an experiment pins it.');
const infoSchema = z.strictObject({ hash, size: z.int(), createdAt: z.iso.datetime() });
const takenSchema = infoSchema.extend({
  withoutPrice: z.int(),
  withoutCategory: z.int(),
  outOfStock: z.int(),
});

const example = {
  hash: 'sha256:0d6f2f9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e',
  size: 1_204,
  createdAt: '2026-03-01T09:00:00.000Z',
};

export const catalogueRoutes: readonly ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/catalogue/snapshots',
    id: 'takeSnapshot',
    group: 'Items',
    summary: 'Keep the catalogue as it is now',
    description:
      'Experiments choose from a snapshot, which never changes. The same catalogue again is the snapshot that is there already. No body.',
    scopes: ['admin'],
    answers: {
      201: jsonAnswer('The snapshot.', takenSchema, {
        ...example,
        withoutPrice: 3,
        withoutCategory: 0,
        outOfStock: 41,
      }),
    },
    errors: [409, 422],
    async handle({ web, response }) {
      response.status(201).json(await takeSnapshot(web.ctx));
    },
  },
  {
    method: 'get',
    path: '/v1/catalogue/snapshots',
    id: 'listSnapshots',
    group: 'Items',
    summary: 'Snapshots of the catalogue',
    scopes: ['analyst'],
    answers: {
      200: jsonAnswer(
        'The newest first, at most 1,000.',
        z.strictObject({ snapshots: z.array(infoSchema) }),
        { snapshots: [example] },
      ),
    },
    async handle({ web, response }) {
      response.json({ snapshots: await listSnapshots(web.ctx) });
    },
  },
];
