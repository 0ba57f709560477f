import { z } from 'zod';
import { countryCodes } from './countries.js';
import { pathOfTrait, type TraitProblem } from './parse-traits.js';
import type { Traits } from './traits.js';

type Given = string | number | boolean;

/** @returns what is wrong with the value and how to mend it. `today` is a date such as 2026-03-01. */
type Check = (value: Given, today: string) => string | undefined;

/**
 * Traits whose names say what their values mean are held to it: a mistyped country would become a cohort of its own, and
 * a wrong birth date a rule that fires for nobody. Traits with other names may hold anything.
 */
const formats: Readonly<Record<string, Check>> = {
  email: (value) =>
    isEmail(value)
      ? undefined
      : 'must be an e-mail address such as ada@example.com; send null if there is none',
  phone: (value) =>
    typeof value === 'string' && /^\+[1-9]\d{6,14}$/.test(value)
      ? undefined
      : 'must be a telephone number with + and country code, 7 to 15 digits without blanks, such as +436601234567',
  country: (value) =>
    typeof value === 'string' && countryCodes.has(value)
      ? undefined
      : 'must be a country as two capital letters (ISO 3166), such as AT or US',
  language: (value) =>
    isLanguage(value) ? undefined : 'must be a language tag (BCP 47), such as de or en-GB',
  timezone: (value) =>
    isTimeZone(value) ? undefined : 'must be a time zone of the IANA list, such as Europe/Vienna',
  birth_date: birthDateProblem,
};

const consentName = /^(consent|opted_(in|out)|opt_(in|out)|unsubscribed)$|_(consent|opt_in|opt_out)$/;

/** Every trait whose value is not what its name says. Nulls say that it is unknown, which is always right. */
export function formatProblems(traits: Traits, today: string): TraitProblem[] {
  return Object.entries(traits).flatMap(([name, value]) => {
    const check = Object.hasOwn(formats, name) ? formats[name] : consentName.test(name) ? consent : undefined;
    const message = value === null ? undefined : check?.(value, today);
    return message === undefined ? [] : [{ path: pathOfTrait(name), message }];
  });
}

const consent: Check = (value) =>
  typeof value === 'boolean'
    ? undefined
    : 'must be true or false, not a text or number; send null if nobody asked';

const emailSchema = z.email().max(254);

/** Letters of any script are as good as Latin ones; what else an address may hold is for the library to say. */
function isEmail(value: Given): boolean {
  if (typeof value !== 'string') return false;
  return emailSchema.safeParse(value.replace(/(?![ -~])[\p{L}\p{M}\p{N}]/gu, 'x')).success;
}

function isLanguage(value: Given): boolean {
  if (typeof value !== 'string' || !/^[A-Za-z]{2,3}(-|$)/.test(value)) return false;
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}

const zones: ReadonlySet<string> = new Set(Intl.supportedValuesOf('timeZone'));

/** The list knows each zone by one name; its other names (`UTC`, `US/Eastern`) are known to the format. */
function isTimeZone(value: Given): boolean {
  if (typeof value !== 'string') return false;
  if (zones.has(value)) return true;
  if (!/^[A-Z][A-Za-z0-9_+/-]{1,40}$/.test(value)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const dateSchema = z.iso.date();

function birthDateProblem(value: Given, today: string): string | undefined {
  if (!dateSchema.safeParse(value).success || typeof value !== 'string') {
    return 'must be a date as year-month-day, such as 1990-04-30';
  }
  if (value < '1900-01-01') return 'lies before 1900; send null if it stands for an unknown date';
  return value < today ? undefined : `must lie in the past; today is ${today}`;
}
