/** Enough of JSON Schema (2020-12) to hold a value against a schema of ours; a keyword that it does not know is an error. */
type Schema = Readonly<Record<string, unknown>>;

const ignored = ['$schema', '$id', '$defs', 'title', 'description', 'default', 'format'];

/** The first thing that does not fit, as a path with the keyword; undefined: all of it fits. */
export function misfit(
  schema: unknown,
  value: unknown,
  root = schema as Schema,
  path = '',
): string | undefined {
  if (schema === true) return undefined;
  if (schema === false) return `${path}: nothing may be here`;
  for (const [keyword, said] of Object.entries(schema as Schema)) {
    if (ignored.includes(keyword)) continue;
    const check = Object.hasOwn(checks, keyword) ? checks[keyword] : undefined;
    if (!check) throw new Error(`the keyword ${keyword} is not known`);
    const inside = check(said as never, value, {
      schema: schema as Schema,
      fits: (part, inner, key) => misfit(part, inner, root, key === undefined ? path : `${path}/${key}`),
      root,
    });
    if (inside !== undefined) return inside === '' ? `${path}: ${keyword} ${JSON.stringify(said)}` : inside;
  }
  return undefined;
}

interface Around {
  readonly schema: Schema;
  readonly root: Schema;
  readonly fits: (part: unknown, value: unknown, key?: string | number) => string | undefined;
}
/** The empty text: this keyword itself is not kept. */
type Check = (said: never, value: unknown, around: Around) => string | undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const typeIs: Record<string, (value: unknown) => boolean> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};
const unless = (holds: boolean): string | undefined => (holds ? undefined : '');
const first = (all: (string | undefined)[]) => all.find((one) => one !== undefined);

const checks: Record<string, Check> = {
  type: (said: string, value) => unless(typeIs[said]!(value)),
  const: (said: unknown, value) => unless(value === said),
  enum: (said: unknown[], value) => unless(said.includes(value)),
  pattern: (said: string, value) => unless(typeof value !== 'string' || new RegExp(said, 'u').test(value)),
  minLength: (said: number, value) => unless(typeof value !== 'string' || Array.from(value).length >= said),
  maxLength: (said: number, value) => unless(typeof value !== 'string' || Array.from(value).length <= said),
  minimum: (said: number, value) => unless(typeof value !== 'number' || value >= said),
  maximum: (said: number, value) => unless(typeof value !== 'number' || value <= said),
  minItems: (said: number, value) => unless(!Array.isArray(value) || value.length >= said),
  maxItems: (said: number, value) => unless(!Array.isArray(value) || value.length <= said),
  required: (said: string[], value) =>
    unless(!isObject(value) || said.every((key) => Object.hasOwn(value, key))),
  properties: (said: Schema, value, { fits }) =>
    isObject(value)
      ? first(
          Object.entries(said).map(([key, part]) =>
            Object.hasOwn(value, key) ? fits(part, value[key], key) : undefined,
          ),
        )
      : undefined,
  additionalProperties: (said: unknown, value, { schema, fits }) =>
    isObject(value)
      ? first(
          Object.keys(value)
            .filter((key) => !Object.hasOwn(schema['properties'] ?? {}, key))
            .map((key) => fits(said, value[key], key)),
        )
      : undefined,
  propertyNames: (said: unknown, value, { fits }) =>
    isObject(value) ? first(Object.keys(value).map((key) => fits(said, key, key))) : undefined,
  items: (said: unknown, value, { schema, fits }) => {
    const from = Array.isArray(schema['prefixItems']) ? schema['prefixItems'].length : 0;
    return Array.isArray(value)
      ? first(value.slice(from).map((item, i) => fits(said, item, i + from)))
      : undefined;
  },
  prefixItems: (said: unknown[], value, { fits }) =>
    Array.isArray(value) ? first(said.map((part, i) => fits(part, value[i], i))) : undefined,
  anyOf: (said: unknown[], value, { fits }) => unless(said.some((part) => fits(part, value) === undefined)),
  oneOf: (said: unknown[], value, { fits }) =>
    unless(said.filter((part) => fits(part, value) === undefined).length === 1),
  $ref: (said: string, value, { root, fits }) =>
    fits((root['$defs'] as Schema)[said.replace('#/$defs/', '')], value),
};
