import type { Writable } from 'node:stream';
import { printable } from '../reports/text-table.js';

export interface Progress {
  readonly update: (read: number, total: number | undefined) => void;
  /** Wipes the line. */
  readonly clear: () => void;
}

const everyBytes = 4 * 1024 * 1024;

/** One line on a terminal that says how far a file has been read; nothing where there is no terminal. */
export function showProgress(stderr: Writable & { readonly isTTY?: boolean }, name: string): Progress {
  if (stderr.isTTY !== true) return { update: () => undefined, clear: () => undefined };
  let shown = -Infinity;
  return {
    update: (read, total) => {
      if (read - shown < everyBytes && read !== total) return;
      shown = read;
      const share = total === undefined || total === 0 ? '' : ` ${Math.floor((100 * read) / total)}%`;
      stderr.write(`\r\x1b[2KReading ${printable(name)}${share} (${megabytes(read)})`);
    },
    clear: () => {
      if (shown >= 0) stderr.write('\r\x1b[2K');
    },
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
