import { fieldText, type RawRecord } from './scan-records.js';

/** The different values of a column, numbered as they appear; found by their bytes, without making strings. */
export class DistinctValues {
  readonly #known: Buffer[] = [];
  readonly #texts: string[] = [];

  /** Number of the value in this field; -1 when it is new. */
  find(record: RawRecord, field: number): number {
    if (record.doubled[field]) return this.#texts.indexOf(fieldText(record, field));
    const { bytes } = record;
    const start = record.starts[field] ?? 0;
    const size = (record.ends[field] ?? 0) - start;
    const known = this.#known;
    for (let k = 0; k < known.length; k++) {
      const candidate = known[k];
      if (candidate?.length !== size) continue;
      let i = size - 1; // names tend to differ at their ends
      while (i >= 0 && candidate[i] === bytes[start + i]) i--;
      if (i < 0) return k;
    }
    return -1;
  }

  add(record: RawRecord, field: number): number {
    const text = fieldText(record, field);
    this.#known.push(Buffer.from(text));
    return this.#texts.push(text) - 1;
  }

  get size(): number {
    return this.#texts.length;
  }

  get values(): readonly string[] {
    return this.#texts;
  }
}
