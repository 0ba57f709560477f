/**
 * An `identify` call as Segment, RudderStack and their like send it, as a row of ours. Undefined for anything else.
 * Only the shape is changed here; the row is checked like every other.
 */
export function fromIdentify(input: unknown): Record<string, unknown> | undefined {
  if (!isPlainObject(input) || input['type'] !== 'identify') return undefined;
  const at = input['timestamp'] ?? input['originalTimestamp'];
  return {
    recipient: input['userId'],
    ...(at !== undefined && { at }),
    traits: isPlainObject(input['traits']) ? flattened(input['traits']) : (input['traits'] ?? {}),
  };
}

/** Their traits may hold objects, ours do not: `address: {city}` becomes `address_city`. One level is what they document. */
function flattened(traits: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(traits).flatMap(([name, value]) =>
      isPlainObject(value)
        ? Object.entries(value).map(([part, inner]) => [`${name}_${part}`, inner])
        : [[name, value]],
    ),
  );
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
