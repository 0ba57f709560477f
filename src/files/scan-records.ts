/**
 * Splits bytes into CSV records (RFC 4180) without making strings: a record is a set of byte ranges in a buffer.
 * It is strict: a quote inside an unquoted field, or text after a closing quote, makes the row bad. After a bad row
 * reading goes on at the line after the one where that row began, so that one stray quote costs one row.
 */

/** Fields as ranges into `bytes`: field i is [starts[i], ends[i]), without its quotes. */
export interface RawRecord {
  readonly bytes: Buffer;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 where the field holds doubled quotes that are to be halved. */
  readonly doubled: Uint8Array;
  count: number;
  /** Line of the file on which the record begins, from 1. */
  line: number;
  /** Range of the whole record. */
  from: number;
  to: number;
}

export interface RecordHandler {
  /** The record is reused: take what is needed before returning. */
  record(record: RawRecord): void;
  /** `start` holds the first bytes of the row, up to the end of its line. */
  badRow(line: number, reason: string, start: Buffer): void;
}

export interface ScanLimits {
  /** Bytes of the longest record; longer ones are bad rows. */
  readonly recordBytes: number;
  /** Fields kept per record; one more than expected is enough to see that there are too many. */
  readonly fields: number;
}

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const empty = Buffer.alloc(0);

/** Bytes of a bad row that are shown. */
const shownBytes = 1_000;

/** What `#scan` answers instead of the position after the record. */
const needsMore = -1;
const isBad = -2;

export class RecordScanner {
  readonly #delimiter: number;
  readonly #handler: RecordHandler;
  readonly #limits: ScanLimits;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #doubled: Uint8Array;
  #carry: Buffer = empty;
  #line = 1;
  /** Inside a line that is too long: drop bytes up to its end. */
  #skipping = false;
  /** What the last scan found beside its answer. */
  #newlines = 0;
  #reason = '';

  constructor(delimiter: string, limits: ScanLimits, handler: RecordHandler) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#limits = limits;
    this.#handler = handler;
    this.#starts = new Int32Array(limits.fields);
    this.#ends = new Int32Array(limits.fields);
    this.#doubled = new Uint8Array(limits.fields);
  }

  push(chunk: Buffer): void {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    this.#carry = this.#consume(bytes, false);
  }

  /** The file ends here; a last line without an end counts. */
  end(): void {
    this.#carry = this.#consume(this.#carry, true);
  }

  /** Handles every whole record and returns the bytes that wait for more. */
  #consume(bytes: Buffer, last: boolean): Buffer {
    let at = this.#skipping ? this.#skipLine(bytes, 0) : 0;
    const record = this.#newRecord(bytes);
    while (at < bytes.length) {
      const next = this.#scan(bytes, at, last, record);
      if (next === needsMore) {
        if (bytes.length - at <= this.#limits.recordBytes) return bytes.subarray(at);
        at = this.#giveUp(bytes, at, tooLong(this.#limits.recordBytes));
      } else if (next === isBad) {
        at = this.#giveUp(bytes, at, this.#reason);
      } else if (next - at > this.#limits.recordBytes) {
        // Also when it came in one piece: what is too long must not depend on how the bytes were cut.
        at = this.#giveUp(bytes, at, tooLong(this.#limits.recordBytes));
      } else {
        record.line = this.#line;
        record.from = at;
        this.#line += this.#newlines;
        at = next;
        if (record.to > record.from) this.#handler.record(record);
      }
    }
    return empty;
  }

  #newRecord(bytes: Buffer): RawRecord {
    const [starts, ends, doubled] = [this.#starts, this.#ends, this.#doubled];
    return { bytes, starts, ends, doubled, count: 0, line: 0, from: 0, to: 0 };
  }

  #giveUp(bytes: Buffer, at: number, reason: string): number {
    const end = bytes.indexOf(lineFeed, at);
    const most = Math.min(end < 0 ? bytes.length : end, at + shownBytes);
    this.#handler.badRow(this.#line, reason, bytes.subarray(at, most));
    return this.#skipLine(bytes, at);
  }

  #skipLine(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(lineFeed, at);
    this.#skipping = end < 0;
    if (end < 0) return bytes.length;
    this.#line += 1;
    return end + 1;
  }

  #bad(reason: string): number {
    this.#reason = reason;
    return isBad;
  }

  /** One record from `at`. The hot loop of the whole file: kept flat, no allocation. */
  // eslint-disable-next-line max-lines-per-function -- split up, it would run at half the speed
  #scan(bytes: Buffer, at: number, last: boolean, record: RawRecord): number {
    const delimiter = this.#delimiter;
    const most = this.#limits.fields;
    const size = bytes.length;
    let newlines = 0;
    let fields = 0;
    let i = at;
    for (;;) {
      let start = i;
      let end: number;
      let doubled = 0;
      if (i < size && bytes[i] === quote) {
        start = ++i;
        for (;;) {
          while (i < size && bytes[i] !== quote) {
            if (bytes[i] === lineFeed) newlines++;
            i++;
          }
          if (i >= size) return last ? this.#bad('a quote is opened and never closed') : needsMore;
          if (i + 1 >= size && !last) return needsMore;
          if (bytes[i + 1] !== quote) break;
          doubled = 1;
          i += 2;
        }
        end = i++;
        if (i < size && bytes[i] === carriageReturn) {
          if (i + 1 >= size && !last) return needsMore;
          if (i + 1 >= size || bytes[i + 1] === lineFeed) i++;
        }
        if (i < size && bytes[i] !== delimiter && bytes[i] !== lineFeed) {
          return this.#bad('text follows a closing quote (a quote inside a quoted field must be doubled)');
        }
      } else {
        while (i < size) {
          const byte = bytes[i];
          if (byte === delimiter || byte === lineFeed) break;
          if (byte === quote) return this.#bad('a quote stands in the middle of an unquoted field');
          i++;
        }
        end = i;
        if (i >= size && !last) return needsMore;
        if ((i >= size || bytes[i] === lineFeed) && end > start && bytes[end - 1] === carriageReturn) end--;
      }
      if (fields < most) {
        this.#starts[fields] = start;
        this.#ends[fields] = end;
        this.#doubled[fields] = doubled;
      }
      fields++;
      if (i >= size) {
        if (!last) return needsMore;
        record.count = fields;
        record.to = fields === 1 && start === at ? end : size;
        this.#newlines = newlines;
        return size;
      }
      if (bytes[i] === lineFeed) {
        record.count = fields;
        record.to = fields === 1 && start === at ? end : i;
        this.#newlines = newlines + 1;
        return i + 1;
      }
      i++;
    }
  }
}

function tooLong(bytes: number): string {
  return `the row is longer than ${bytes.toLocaleString('en-US')} bytes, or a quote is opened and never closed`;
}

/** The bytes of a field as text; doubled quotes halved. Latin-1 keeps every byte, `utf8` reads it. */
export function fieldText(record: RawRecord, field: number, encoding: 'utf8' | 'latin1' = 'utf8'): string {
  const { bytes, starts, ends, doubled } = record;
  const text = bytes.toString(encoding, starts[field] ?? 0, ends[field] ?? 0);
  return doubled[field] ? text.replaceAll('""', '"') : text;
}
