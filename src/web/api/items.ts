import { z } from 'zod';
import { itemSchema } from '../../flows/parse-item.js';
import { recordItems } from '../../flows/record-items.js';
import { answerRowList, MAX_ROWS, rowAnswerSchema, rowListAnswerSchema } from './row-list.js';
import type { ApiRoute } from './route.js';

const exampleRows = [
  {
    item: 'sku-1',
    title: 'Trail shoe',
    category: 'shoes',
    price: '89.90',
    currency: 'EUR',
    priceTier: 2,
    stock: 14,
    attributes: { colour: 'red' },
  },
  { item: 'sku-2', price: '9.999', currency: 'EUR' },
];
const exampleResults = [
  { index: 0, id: 'sku-1', status: 'recorded' },
  {
    index: 1,
    id: 'sku-2',
    status: 'refused',
    error: {
      code: 'invalid_amount',
      message: 'must be an amount of 0 or more with at most 2 digits after the point, such as 19.99',
      path: 'price',
    },
  },
];

const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

export const itemsRoute: ApiRoute = {
  method: 'post',
  path: '/v1/items',
  id: 'recordItems',
  group: 'Items',
  summary: 'Give the catalogue',
  description:
    'What events name as item. Of several rows of one item the latest is the item, as a whole: what it leaves out is no longer known. ' +
    'Every row is answered by itself; a refused one changes nothing and is kept in quarantine for 30 days. ' +
    `As JSON up to ${MAX_ROWS.toLocaleString('en')} rows; as NDJSON, one row a line, any number.`,
  scopes: ['ingest'],
  body: {
    'application/json': {
      schema: z.union([
        itemSchema,
        z.array(itemSchema).max(MAX_ROWS),
        z.strictObject({ items: z.array(itemSchema).max(MAX_ROWS) }),
      ]),
      example: { items: exampleRows },
    },
    'application/x-ndjson': { schema: itemSchema, example: lines(exampleRows) },
  },
  answers: {
    200: {
      description: 'What became of each row. What is recorded is stored.',
      content: {
        'application/json': {
          schema: rowListAnswerSchema,
          example: { recorded: 1, unchanged: 0, refused: 1, results: exampleResults },
        },
        'application/x-ndjson': { schema: rowAnswerSchema, example: lines(exampleResults) },
      },
    },
  },
  errors: [400, 413, 415, 422],
  handle: (call) => answerRowList(call, 'items', (rows, lines) => recordItems(call.web.ctx, rows, { lines })),
};
