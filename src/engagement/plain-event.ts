import { z } from 'zod';
import { eventClasses } from '../experiments/experiment.js';
import type { IncomingEvent } from './parse-event.js';

export const typeName = /^[A-Za-z][\w .:/-]{0,63}$/;
export const currencyCode = /^[A-Z]{3}$/;
export const propertyName = /^[A-Za-z_][\w.-]{0,63}$/;
const time = z.regexes.datetime({ offset: true });
const classes: ReadonlySet<unknown> = new Set(eventClasses);
export const mostProperties = 30;

/** What each field of a plain row may hold. */
const isPlainField: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['id', (value) => isText(value, 1, 200)],
  ['type', (value) => typeof value === 'string' && typeName.test(value)],
  ['messageId', (value) => isText(value, 1, 100)],
  ['experiment', (value) => isText(value, 1, 64)],
  ['recipient', (value) => isText(value, 1, 256)],
  ['wave', (value) => isText(value, 0, 64)],
  ['at', (value) => typeof value === 'string' && time.test(value)],
  ['value', (value) => isText(value, 0, 40) || Number.isFinite(value)],
  ['currency', (value) => typeof value === 'string' && currencyCode.test(value)],
  ['order', (value) => isText(value, 1, 200)],
  ['item', (value) => isText(value, 1, 200)],
  ['category', (value) => isText(value, 1, 200)],
  ['class', (value) => classes.has(value)],
  ['url', (value) => isText(value, 0, 4_000)],
  ['target', (value) => isText(value, 1, 200)],
  ['properties', hasPlainProperties],
]);

/**
 * Whether the row is an event exactly as `eventSchema` would give it back, found out at a twentieth of the cost. True is the
 * schema's own answer; false says nothing yet: the row may be good in another way, or bad, and then the schema says why.
 */
export function isPlainEvent(row: unknown): row is IncomingEvent {
  if (!isPlainObject(row)) return false;
  for (const name in row) if (isPlainField.get(name)?.(row[name]) !== true) return false;
  return Object.hasOwn(row, 'id') && Object.hasOwn(row, 'type') && Object.hasOwn(row, 'at');
}

function hasPlainProperties(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  let count = 0;
  for (const name in value) {
    count += 1;
    if (!propertyName.test(name) || name === '__proto__' || !isPlainProperty(value[name])) return false;
  }
  return count <= mostProperties;
}

function isPlainProperty(value: unknown): boolean {
  return value === null || typeof value === 'boolean' || Number.isFinite(value) || isText(value, 0, 500);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isText(value: unknown, shortest: number, longest: number): boolean {
  return typeof value === 'string' && value.length >= shortest && value.length <= longest;
}
