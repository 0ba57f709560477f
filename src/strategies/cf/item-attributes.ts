import type { Item } from '../catalogue.js';
import { type Interaction, type Matrix, matrixOf } from './matrix.js';

/** Longer ones are descriptions and addresses, which hardly two items share. */
const longestValue = 64;
const mostAttributes = 50;

/** Interactions as a matrix, with what the catalogue says about its items. */
export function describedMatrix(interactions: readonly Interaction[], catalogue: readonly Item[]): Matrix {
  const matrix = matrixOf(interactions);
  const known = new Map(catalogue.map((item) => [item.id, item]));
  return { ...matrix, attributes: matrix.items.map((id) => attributesOf(known.get(id))) };
}

/** `category:shoes`, `tier:2`, `colour:red`; of a list, or of a text divided by `|`, each part. */
export function attributesOf(item: Item | undefined): readonly string[] {
  if (!item) return [];
  const own = Object.entries(item.attributes ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((part) => typeof part === 'string' || typeof part === 'boolean')
      .flatMap((part) => String(part).split('|'))
      .map((part) => part.trim())
      .filter((part) => part !== '' && part.length <= longestValue && !part.includes('://'))
      .map((part) => `${name}:${part}`),
  );
  const all = [
    ...(item.category === undefined ? [] : [`category:${item.category}`]),
    ...(item.priceTier === undefined ? [] : [`tier:${item.priceTier}`]),
    ...own,
  ];
  return [...new Set(all)].slice(0, mostAttributes);
}
