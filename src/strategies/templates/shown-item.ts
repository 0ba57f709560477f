import { currencyExponent, formatAmount } from '../../experiments/money.js';
import type { Item } from '../catalogue.js';
import type { ShownItem } from './context.js';
import { isReserved, type TokenValue } from './template.js';

/** An item as templates print it: its price in major units, attributes beside what every item has. */
export function shownItem(item: Item): ShownItem {
  const attributes = Object.entries(item.attributes ?? {}).filter(
    (entry): entry is [string, TokenValue] => !isReserved(entry[0]) && isValue(entry[1]),
  );
  const { id, title, category, price, currency, priceTier } = item;
  return {
    ...Object.fromEntries(attributes),
    id,
    ...(title !== undefined && { title }),
    ...(category !== undefined && { category }),
    ...(priceTier !== undefined && { priceTier }),
    ...(price !== undefined &&
      currency !== undefined && { price: formatAmount(BigInt(price), currencyExponent(currency)), currency }),
  };
}

function isValue(value: unknown): value is TokenValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
