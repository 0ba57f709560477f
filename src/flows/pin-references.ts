import { joinPath } from '../experiments/read-with.js';

/** What a definition may name in the library, as `{"content": "name"}`. */
export type Referred = 'content' | 'segment';

export interface Reference {
  readonly name: string;
  /** Of the object that names it. */
  readonly path: string;
}

/** Objects whose keys are names of the writer's own: such an object is no reference, its values may be. */
const ownNames: ReadonlySet<string> = new Set(['slots', 'default', 'traits', 'properties']);

/** Every reference of one kind in a definition. */
export function referencesIn(definition: unknown, kind: Referred): Reference[] {
  const found: Reference[] = [];
  replaced(definition, kind, '', false, (reference) => {
    found.push(reference);
    return reference.name;
  });
  return found;
}

/** The same definition with references pinned; those without a pin stay as they are. */
export function withPins<T>(definition: T, kind: Referred, pins: ReadonlyMap<string, string>): T {
  return replaced(definition, kind, '', false, ({ name }) => pins.get(name) ?? name) as T;
}

function replaced(
  value: unknown,
  kind: Referred,
  path: string,
  isOwn: boolean,
  pin: (reference: Reference) => string,
): unknown {
  if (Array.isArray(value)) {
    return value.map((part, index) => replaced(part, kind, joinPath(path, index), false, pin));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  // An object that says nothing but which.
  if (!isOwn && entries.length === 1 && first?.[0] === kind && typeof first[1] === 'string') {
    return { [kind]: pin({ name: first[1], path }) };
  }
  const further = entries.map(([key, part]) => {
    const partIsOwn = !isOwn && ownNames.has(key);
    return [key, replaced(part, kind, joinPath(path, key), partIsOwn, pin)] as const;
  });
  return Object.fromEntries(further);
}
