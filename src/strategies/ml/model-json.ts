import type { Json } from '../strategy.js';
import type { ColumnSpec } from './table.js';

/** What every model keeps in its JSON, checked, and what its estimator keeps besides, not checked yet. */
export interface ModelFields {
  readonly columns: readonly ColumnSpec[];
  readonly [field: string]: unknown;
}

/** @throws Error with a sentence for what is no model of this estimator and version. */
export function modelFields(json: Json, estimator: string, version: number): ModelFields {
  if (!isObject(json)) throw new Error('The model is no JSON object: it is truncated or something else.');
  if (json['estimator'] !== estimator) {
    throw new Error(
      `The model is one of ${spell(json['estimator'])}, not of ${estimator}: give it to its own estimator.`,
    );
  }
  if (json['version'] !== version) {
    throw new Error(
      `The model has version ${spell(json['version'])} of ${estimator} and version ${version} is read here: learn it again.`,
    );
  }
  return { ...json, columns: columnsFrom(json['columns']) };
}

function columnsFrom(json: unknown): ColumnSpec[] {
  if (!Array.isArray(json)) throw new Error('The model has no list of columns: it is truncated.');
  return json.map((column: unknown, place): ColumnSpec => {
    const where = `Column ${place + 1} of the model`;
    if (!isObject(column)) throw new Error(`${where} is no object.`);
    const { name, type, categories } = column;
    if (typeof name !== 'string') throw new Error(`${where} has no name.`);
    if (type === 'number') return { name, type };
    if (type !== 'category') throw new Error(`${where} must be of type number or category.`);
    if (!Array.isArray(categories) || !areSortedTexts(categories)) {
      throw new Error(`${where} must have its categories in order, each once.`);
    }
    return { name, type, categories };
  });
}

function areSortedTexts(list: readonly unknown[]): list is readonly string[] {
  return list.every((text, i) => typeof text === 'string' && (i === 0 || (list[i - 1] as string) < text));
}

/** @throws Error with a sentence for anything but a finite number. */
export function finiteNumber(value: unknown, field: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Error(`The field ${field} of the model must be a finite number, and is ${spell(value)}.`);
}

/** @param length that the list must have, where that is known. @throws Error with a sentence. */
export function finiteNumbers(value: unknown, field: string, length?: number): number[] {
  if (!Array.isArray(value)) throw new Error(`The field ${field} of the model must be a list of numbers.`);
  if (length !== undefined && value.length !== length) {
    throw new Error(`The field ${field} of the model must have ${length} numbers, and has ${value.length}.`);
  }
  return value.map((one: unknown, i) => finiteNumber(one, `${field}[${i}]`));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function spell(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}
