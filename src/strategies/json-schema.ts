import { z } from 'zod';

import {
  eventLeafSchema,
  featureLeafSchema,
  segmentLeafSchema,
  traitLeafSchema,
} from '../profiles/conditions/leaf-schemas.js';
import { conditionSchema, maxGroupSize } from '../profiles/conditions/parse-condition.js';
import { rulesSchema } from './rules/parse-rules.js';
import type { Json } from './strategy.js';
import { matchSchema, treeSchema, nodeSchemas, leafNodeSchema, maxCases } from './tree/parse-tree.js';

type Schema = Readonly<Record<string, Json>>;

/**
 * What may be written, as JSON Schema (2020-12), for editors and other programs; made from the schemas that check it. Limits of
 * depth and number, and what depends on several fields, are not in it: `parse` has the last word.
 */
export const jsonSchemas: Readonly<Record<'rules' | 'tree', () => Json>> = {
  rules: () => documentOf('rules', 'Rules of Postulate', rulesSchema),
  tree: () => documentOf('tree', 'A decision tree of Postulate', treeSchema),
};

function documentOf(name: string, title: string, schema: z.ZodType): Json {
  const body = made(schema);
  const $defs = { condition: condition(), ...(name === 'tree' && { node: node() }) };
  return { ...body, $id: `urn:postulate:schema:${name}`, title, $defs };
}

const conditionReference = { $ref: '#/$defs/condition' };
const nodeReference = { $ref: '#/$defs/node' };

/** What is read by hand has a place of its own among the definitions. */
function made(schema: z.ZodType): Schema {
  const byHand = new Map<unknown, Schema>([
    [conditionSchema, conditionReference],
    ...nodeSchemas.map((one): [unknown, Schema] => [one, nodeReference]),
  ]);
  const document = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    override({ zodSchema, jsonSchema }) {
      const reference = byHand.get(zodSchema);
      if (!reference) return;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      Object.assign(jsonSchema, reference);
    },
  });
  return document as unknown as Schema;
}

function part(schema: z.ZodType): Schema {
  const { $schema: _, ...rest } = made(schema);
  return rest;
}

function condition(): Json {
  const group = { type: 'array', minItems: 1, maxItems: maxGroupSize, items: conditionReference };
  return {
    title: 'Whom is meant',
    anyOf: [
      closed({ all: { ...group, description: 'Every one of these holds.' } }),
      closed({ any: { ...group, description: 'At least one of these holds.' } }),
      closed({ not: conditionReference }),
      ...[traitLeafSchema, eventLeafSchema, featureLeafSchema, segmentLeafSchema].map(part),
    ],
  };
}

function node(): Json {
  const oneCase = closed({ when: part(matchSchema), then: nodeReference });
  return {
    title: 'A question with its answers, or the content at the end',
    anyOf: [
      closed({ if: conditionReference, then: nodeReference, else: nodeReference }),
      closed({
        by: { type: 'string', description: 'A trait.' },
        cases: { type: 'array', minItems: 1, maxItems: maxCases, items: oneCase },
        else: nodeReference,
      }),
      part(leafNodeSchema),
    ],
  };
}

function closed(properties: Schema): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
