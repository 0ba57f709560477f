import { type JsonMistake, parseJson } from './parse-json.js';

/** One line of NDJSON: a value, or what is wrong with the line. */
export type Line = LineValue | LineMistake;
export interface LineValue {
  readonly ok: true;
  /** From 1, blank lines counted. */
  readonly line: number;
  readonly value: unknown;
  readonly text: string;
}
export interface LineMistake {
  readonly ok: false;
  readonly line: number;
  readonly code: `line_${JsonMistake | 'too_long' | 'not_utf8'}`;
  readonly message: string;
  /** How the line begins, to show it; of bytes that are no text only what can be read. */
  readonly start: string;
}

export interface LineLimits {
  /** Lines in a batch. */
  readonly size: number;
  readonly maxLineBytes: number;
  /** What to throw after very many blank lines in a row: a small packed file can hold thousands of millions of them. */
  readonly tooManyBlank?: () => Error;
}

const lineFeed = 0x0a;
const mostBlankLines = 100_000;
const shownBytes = 1_000;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The lines of a stream in batches. Blank lines are skipped. A line that cannot be read is reported in its place and
 * never ends the stream; of one that is too long no more than the limit is kept in memory.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>, limits: LineLimits): AsyncGenerator<Line[]> {
  const lines = new LineCollector(limits);
  for await (const chunk of chunks) {
    let tail = chunk;
    for (let at = tail.indexOf(lineFeed); at !== -1; at = tail.indexOf(lineFeed)) {
      lines.end(tail.subarray(0, at));
      tail = tail.subarray(at + 1);
      if (lines.batch.length === limits.size) yield lines.take();
    }
    lines.keep(tail);
  }
  lines.last();
  if (lines.batch.length > 0) yield lines.take();
}

/** Puts lines together from their pieces. */
class LineCollector {
  batch: Line[] = [];
  readonly #limits: LineLimits;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #line = 0;
  #blank = 0;

  constructor(limits: LineLimits) {
    this.#limits = limits;
  }

  /** A line goes on after this piece. */
  keep(piece: Buffer): void {
    this.#bytes += piece.length;
    const tooLong = this.#bytes > this.#limits.maxLineBytes;
    if (tooLong && this.#pieces.length > 1) this.#pieces.length = 1;
    if (piece.length > 0 && (!tooLong || this.#pieces.length === 0)) this.#pieces.push(piece);
  }

  /** A line ends with this piece. */
  end(piece: Buffer): void {
    this.keep(piece);
    this.#line += 1;
    const line = this.#read(this.#bytes > this.#limits.maxLineBytes);
    this.#blank = line === undefined ? this.#blank + 1 : 0;
    if (line) this.batch.push(line);
    else if (this.#blank > mostBlankLines && this.#limits.tooManyBlank) throw this.#limits.tooManyBlank();
    this.#pieces = [];
    this.#bytes = 0;
  }

  last(): void {
    if (this.#bytes > 0) this.end(Buffer.alloc(0));
  }

  take(): Line[] {
    const batch = this.batch;
    this.batch = [];
    return batch;
  }

  #read(tooLong: boolean): Line | undefined {
    const bytes = this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces);
    if (bytes === undefined) return undefined;
    if (tooLong) {
      const most = this.#limits.maxLineBytes.toLocaleString('en');
      return this.#mistake('line_too_long', `A line may have at most ${most} bytes.`, bytes);
    }
    let text: string;
    try {
      text = utf8.decode(bytes).trim();
    } catch {
      return this.#mistake('line_not_utf8', 'This line is not valid UTF-8.', bytes);
    }
    if (text === '') return undefined;
    const parsed = parseJson(text);
    if (parsed.ok) return { ok: true, line: this.#line, value: parsed.value, text };
    return this.#mistake(`line_${parsed.code}`, `This line ${parsed.message}.`, bytes);
  }

  #mistake(code: LineMistake['code'], message: string, bytes: Buffer): LineMistake {
    const start = bytes.toString('utf8', 0, Math.min(bytes.length, shownBytes));
    return { ok: false, line: this.#line, code, message, start };
  }
}
