import type { Request } from 'express';
import { badInput } from '../../errors.js';
import { usualDays, type QualityRequest } from '../../flows/check-quality.js';
import { mostQuarantineRows, quarantineKinds } from '../../flows/list-quarantine.js';

type Kind = (typeof quarantineKinds)[number];

/** `?kind=` and `?limit=` of the address. */
export function quarantineQuery(
  request: Request,
  usualLimit: number,
): { kind: Kind | undefined; limit: number } {
  const kind = textOf(request, 'kind');
  const known = quarantineKinds.find((one) => one === kind);
  if (kind !== undefined && known === undefined) {
    throw badInput('kind_unknown', `kind is one of ${quarantineKinds.join(', ')}.`);
  }
  return { kind: known, limit: wholeOf(request, 'limit', { usual: usualLimit, most: mostQuarantineRows }) };
}

/** `?days=` and `?required=` of the address. */
export function qualityQuery(request: Request): QualityRequest {
  const required = textOf(request, 'required')
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (required?.some((name) => name.includes('\0') || !name.isWellFormed())) {
    throw badInput('required_invalid', 'required is a list of names of traits, with commas.');
  }
  return { days: wholeOf(request, 'days', { usual: usualDays, most: 3_650 }), ...(required && { required }) };
}

function textOf(request: Request, name: string): string | undefined {
  const value = request.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function wholeOf(request: Request, name: string, bounds: { usual: number; most: number }): number {
  const text = textOf(request, name);
  if (text === undefined) return bounds.usual;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= bounds.most) return value;
  throw badInput(`${name}_invalid`, `${name} is a whole number from 1 to ${bounds.most}.`);
}
