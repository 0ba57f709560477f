/** A piece of a definition that readers know by name, with what is said in it, in words. */
export interface Part {
  /** `rule vip`, `default`, `test day 31`. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** How one version of a definition differs from another, part by part and field by field. */
export interface DefinitionDiff {
  readonly added: readonly Part[];
  readonly removed: readonly Part[];
  readonly changed: readonly { readonly name: string; readonly fields: readonly FieldChange[] }[];
  /** Parts that are in both and equal. */
  readonly same: number;
}

export interface FieldChange {
  readonly field: string;
  /** Absent: it was not there before. */
  readonly before?: string;
  /** Absent: it is gone. */
  readonly after?: string;
}

/** Parts are told by their names; their order means nothing. */
export function compareDefinitions(before: readonly Part[], after: readonly Part[]): DefinitionDiff {
  const old = new Map(before.map((part) => [part.name, part]));
  const now = new Map(after.map((part) => [part.name, part]));
  const both = after.flatMap((part) => {
    const was = old.get(part.name);
    return was ? [{ name: part.name, fields: compareFields(was.fields, part.fields) }] : [];
  });
  return {
    added: after.filter(({ name }) => !old.has(name)),
    removed: before.filter(({ name }) => !now.has(name)),
    changed: both.filter(({ fields }) => fields.length > 0),
    same: both.filter(({ fields }) => fields.length === 0).length,
  };
}

export function isEqual({ added, removed, changed }: DefinitionDiff): boolean {
  return added.length + removed.length + changed.length === 0;
}

function compareFields(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): FieldChange[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].flatMap((field): FieldChange[] => {
    const [was, is] = [before.get(field), after.get(field)];
    if (was === is) return [];
    return [{ field, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) }];
  });
}
