import { jsonSchemas } from '../strategies/json-schema.js';
import type { Json } from '../strategies/strategy.js';

const made = new Map<string, Json>();

/** JSON Schema of the definitions of a kind; made once, since everybody may ask. */
export function strategyJsonSchema(kind: keyof typeof jsonSchemas): Json {
  const schema = made.get(kind) ?? jsonSchemas[kind]();
  made.set(kind, schema);
  return schema;
}
