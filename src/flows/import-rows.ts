import type { RowShape } from '../files/csv-fields.js';
import { importColumns, type ImportKind } from './data-schema.js';

/** What becomes of a row before it is recorded, by kind. */
export interface RowRules {
  /** Of a conversion that does not say. */
  readonly type: 'converted' | 'purchase';
  /** Makes the id of a row that has none from what stands in it. */
  readonly idFromContent: boolean;
}

/** Turns text into a pseudonym. */
export type Keyed = (text: string) => string;

export interface RowProblem {
  readonly code: string;
  readonly path?: string;
  readonly message: string;
}

export type PreparedRow =
  { readonly ok: true; readonly row: unknown } | { readonly ok: false; readonly problem: RowProblem };

/** How the columns of a CSV file become fields. */
export function shapeOf(kind: ImportKind): RowShape {
  const columns = importColumns[kind];
  const object = columns.find((column) => column.name.endsWith('.NAME'))?.name.replace('.NAME', '') ?? '';
  const own = columns.filter((column) => !column.name.endsWith('.NAME'));
  return {
    text: own.filter((column) => column.type !== 'int').map((column) => column.name),
    scalar: own.filter((column) => column.type === 'int').map((column) => column.name),
    object,
    othersIntoObject: kind === 'profiles' || kind === 'items',
  };
}

/** The row as it is recorded; everything that a row can be wrong in itself is left to whoever records it. */
export function prepareRow(kind: ImportKind, value: unknown, rules: RowRules, keyed: Keyed): PreparedRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused('not_an_object', 'This row is no object of fields by name.');
  }
  if (kind === 'profiles' || kind === 'items') return { ok: true, row: value };
  const row = value as Record<string, unknown>;
  return kind === 'events' ? withId(row, rules, keyed) : conversion(row, rules, keyed);
}

function conversion(row: Record<string, unknown>, rules: RowRules, keyed: Keyed): PreparedRow {
  const type = row['type'] ?? rules.type;
  if (type !== 'converted' && type !== 'purchase') {
    return refused(
      'not_a_conversion',
      'A conversion is of type converted or purchase; import others as events.',
      'type',
    );
  }
  const order = row['order'];
  const typed = { ...row, type };
  if (row['id'] === undefined && typeof order === 'string' && order !== '') {
    return { ok: true, row: { ...typed, id: `order:${order}` } };
  }
  return withId(typed, rules, keyed);
}

function withId(row: Record<string, unknown>, rules: RowRules, keyed: Keyed): PreparedRow {
  if (row['id'] !== undefined) return { ok: true, row };
  if (rules.idFromContent) return { ok: true, row: { ...row, id: contentId(row, keyed) } };
  return refused(
    'id_missing',
    'Without an id the same row could count twice: give an id, for a conversion at least its order, or add --id-from-content.',
    'id',
  );
}

/**
 * Two rows with the same fields have the same id, in whatever order the fields stand. It is a pseudonym: from the id
 * nobody can guess the recipient.
 */
function contentId(row: Record<string, unknown>, keyed: Keyed): string {
  // No recipient id begins with NUL, so this never is the pseudonym of somebody.
  return `row:${keyed(`\0row\0${canonical(row)}`)}`;
}

/** Nesting is limited where rows are read. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(',')}}`;
}

function refused(code: string, message: string, path?: string): PreparedRow {
  return { ok: false, problem: { code, message, ...(path !== undefined && { path }) } };
}
