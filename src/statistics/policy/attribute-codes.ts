import { refuse, type OrRefusal } from '../result.js';
import type { AttributeLevel } from './tree.js';

/** Whether the levels of an attribute have an order; if so they are numbers and are split by a threshold. */
export type AttributeKind = 'categorical' | 'ordered';

/** The attributes of all cells with their levels numbered. */
export interface AttributeCodes {
  readonly kinds: readonly AttributeKind[];
  /** By attribute: its levels in ascending order. */
  readonly levels: readonly (readonly AttributeLevel[])[];
  /** By attribute: where its levels begin when those of all attributes are laid side by side. */
  readonly starts: readonly number[];
  /** Levels of all attributes together. */
  readonly width: number;
  /** By cell and attribute: index of the level. */
  readonly codes: readonly (readonly number[])[];
}

/** More levels than this make a search over all pairs of splits slow, and their leaves too small. */
const MOST_LEVELS = 200;

/**
 * Numbers the levels of each attribute. Attributes without a declared kind are categorical. Refuses `invalid_input`:
 * cells with unlike numbers of attributes, a level that is not a finite number or a text, an ordered attribute with
 * texts, or more than 200 levels in all.
 */
export function attributeCodes(
  cells: readonly { readonly attributes: readonly AttributeLevel[] }[],
  kinds: readonly AttributeKind[],
): OrRefusal<AttributeCodes> {
  const count = cells[0]?.attributes.length ?? 0;
  if (!cells.every(({ attributes }) => attributes.length === count) || kinds.length > count) {
    return refuse(
      'invalid_input',
      'Every cell needs the same attributes, and no more kinds than attributes.',
    );
  }
  const all = Array.from({ length: count }, (_, a) => kinds[a] ?? 'categorical');
  if (!(all as readonly string[]).every((kind) => kind === 'categorical' || kind === 'ordered')) {
    return refuse('invalid_input', 'An attribute is either `categorical` or `ordered` (kinds).');
  }
  for (const { attributes } of cells) {
    const fits = attributes.every((level, a) =>
      typeof level === 'number' ? Number.isFinite(level) : all[a] === 'categorical',
    );
    if (!fits)
      return refuse('invalid_input', 'A level is no number, or an ordered attribute has a text as a level.');
  }
  const levels = all.map((_, a) =>
    [...new Set(cells.map(({ attributes }) => attributes[a] ?? ''))].toSorted(inOrder),
  );
  const starts = levels.map((_, a) => levels.slice(0, a).reduce((sum, before) => sum + before.length, 0));
  const width = levels.reduce((sum, own) => sum + own.length, 0);
  if (width > MOST_LEVELS) return refuse('invalid_input', 'The attributes have more than 200 levels in all.');
  const index = levels.map((own) => new Map(own.map((level, i) => [level, i])));
  const codes = cells.map(({ attributes }) => attributes.map((level, a) => index[a]?.get(level) ?? 0));
  return { kinds: all, levels, starts, width, codes };
}

/** Numbers before texts. */
function inOrder(one: AttributeLevel, two: AttributeLevel): number {
  if (typeof one === 'number') return typeof two === 'number' ? one - two : -1;
  if (typeof two === 'number') return 1;
  return one < two ? -1 : Number(one > two);
}
