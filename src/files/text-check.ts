import { isUtf8 } from 'node:buffer';
import type { RawRecord } from './scan-records.js';

/** Finds records that are no text. A whole chunk is checked at once; only in one that fails every record is looked at. */
export class TextCheck {
  #checked: Buffer | undefined;
  #clean = false;

  problem(record: RawRecord): { readonly code: 'not_utf8' | 'nul'; readonly reason: string } | undefined {
    if (this.#isClean(record.bytes)) return undefined;
    const bytes = record.bytes.subarray(record.from, record.to);
    if (!isUtf8(bytes)) return { code: 'not_utf8', reason: 'not valid UTF-8' };
    return bytes.includes(0) ? { code: 'nul', reason: 'holds a NUL byte' } : undefined;
  }

  #isClean(bytes: Buffer): boolean {
    if (this.#checked !== bytes) {
      this.#checked = bytes;
      const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1 || bytes.length);
      this.#clean = isUtf8(whole) && !whole.includes(0);
    }
    return this.#clean;
  }
}
