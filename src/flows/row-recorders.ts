import type { Context } from './context.js';
import type { ImportKind } from './data-schema.js';
import { inLanes } from './in-lanes.js';
import type { RecordRows } from './import-file.js';
import { recordEvents } from './record-events.js';
import { recordItems } from './record-items.js';
import { recordProfiles } from './record-profiles.js';

/**
 * Who records the rows of a file of this kind.
 *
 * @param lanes transactions at a time, for events; the embedded database has one connection, so one.
 */
export function rowRecorder(ctx: Context, kind: ImportKind, lanes = 1): (source: string) => RecordRows {
  switch (kind) {
    case 'events':
    case 'conversions':
      return (source) => inLanes((rows) => recordEvents(ctx, rows, { source }), lanes);
    case 'profiles':
      return (source) => (rows) => recordProfiles(ctx, rows, { source });
    case 'items':
      return (source) => (rows) => recordItems(ctx, rows, { source });
  }
}
