import { quoted } from './closest-name.js';

/** A column has one form: numbers among dates could not be put in order. */
export type MomentForm = 'number' | 'date';

export type Moment =
  | { readonly at: number; readonly form: MomentForm }
  | { /** Goes on after the column's name. */ readonly problem: string };

const number = /^-?\d{1,16}(\.\d+)?(e\+?\d{1,2})?$/i;
const date = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * A moment as files carry it: a number in whatever unit, or a date with or without time and zone (UTC where there is none), in
 * milliseconds. Dates such as 3/4/2009 are refused, because nobody knows which part is the month.
 *
 * @param form of the rows before, if any.
 */
export function readMoment(given: string, form: MomentForm | undefined): Moment {
  const text = given.trim();
  if (text === '') return { problem: 'is empty' };
  const found: MomentForm | undefined = number.test(text) ? 'number' : date.test(text) ? 'date' : undefined;
  if (found === undefined) {
    return {
      problem: `is ${quoted(text)}: write a number or a date such as 2026-03-01 or 2026-03-01T10:00:00Z`,
    };
  }
  if (form !== undefined && found !== form) {
    return { problem: `is ${quoted(text)}, a ${found} where the rows before have ${form}s` };
  }
  const at = found === 'number' ? Number(text) : millisecondsOf(text);
  return Number.isFinite(at) ? { at, form: found } : { problem: `is ${quoted(text)}, which no calendar has` };
}

/** NaN for a day or an hour that does not exist. */
function millisecondsOf(text: string): number {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', zone] =
    date.exec(text) ?? [];
  const parts = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [y, m, d, h, min, s] = parts;
  const at = Date.UTC(y, m - 1, d, h, min, s);
  const same = new Date(at);
  const isReal = same.getUTCMonth() === m - 1 && same.getUTCDate() === d && h < 24 && min < 60 && s < 61;
  return isReal ? at + 1_000 * Number(fraction) - zoneMs(zone) : NaN;
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = 60 * Number(zone.slice(1, 3)) + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}
