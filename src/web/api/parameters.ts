import type { Request } from 'express';
import { notFound } from '../../errors.js';

/** The experiment key of the address. What cannot be a key names nothing, so it is not found. */
export function experimentKey(request: Request): string {
  const key = request.params['key'];
  if (typeof key === 'string' && /^[a-z0-9][a-z0-9_-]{0,63}$/.test(key)) return key;
  throw notFound('experiment_not_found', 'There is no experiment with such a key.');
}

/** The `?snapshot=` of the address, if there is one. */
export function snapshotId(request: Request): string | undefined {
  const id = request.query['snapshot'];
  if (id === undefined || id === '') return undefined;
  if (typeof id === 'string' && /^[A-Za-z0-9_:-]{1,80}$/.test(id)) return id;
  throw notFound('snapshot_not_found', 'There is no such snapshot of this experiment.');
}
