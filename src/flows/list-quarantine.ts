import { quarantined } from '../database/questions/quarantined.js';
import type { QuarantineKind } from '../database/quarantine.js';
import type { Context } from './context.js';

export const quarantineKinds = ['events', 'profiles', 'items'] as const satisfies readonly QuarantineKind[];
export const mostQuarantineRows = 1_000;

export interface RefusedRow {
  readonly id: string;
  readonly receivedAt: string;
  readonly kind: QuarantineKind;
  readonly source: string;
  readonly line?: number;
  readonly code: string;
  readonly path?: string;
  readonly message: string;
  /** As it came, cut. */
  readonly row: string;
}

/** Rows that were refused lately, the newest first. */
export async function listQuarantine(
  ctx: Context,
  { kind, limit }: { readonly kind?: QuarantineKind | undefined; readonly limit: number },
): Promise<RefusedRow[]> {
  const rows = await quarantined(ctx.db, kind, limit);
  return rows.map(({ id, receivedAt, source, line, code, path, message, rowText, ...row }) => ({
    id,
    receivedAt: receivedAt.toISOString(),
    kind: row.kind,
    source,
    ...(line !== null && { line: Number(line) }),
    code,
    ...(path !== null && { path }),
    message,
    row: rowText,
  }));
}
