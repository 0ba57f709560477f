import type { Context } from './context.js';
import type { ImportKind } from './data-schema.js';
import type { RecordRows } from './import-file.js';
import { recordEvents } from './record-events.js';
import { recordItems } from './record-items.js';
import { recordProfiles } from './record-profiles.js';

/** Who records the rows of a file of this kind. */
export function rowRecorder(ctx: Context, kind: ImportKind): (source: string) => RecordRows {
  switch (kind) {
    case 'events':
    case 'conversions':
      return (source) => (rows) => recordEvents(ctx, rows, { source });
    case 'profiles':
      return (source) => (rows) => recordProfiles(ctx, rows, { source });
    case 'items':
      return (source) => (rows) => recordItems(ctx, rows, { source });
  }
}
