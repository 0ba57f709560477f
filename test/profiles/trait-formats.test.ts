import { describe, expect, it } from 'vitest';
import { countryCodes } from '../../src/profiles/countries.js';
import { formatProblems } from '../../src/profiles/trait-formats.js';
import type { TraitValue } from '../../src/profiles/traits.js';

const problemOf = (name: string, value: TraitValue): string | undefined => {
  const [problem] = formatProblems({ [name]: value }, '2026-03-01');
  return problem && `${problem.path}: ${problem.message}`;
};

describe('formatProblems', () => {
  it.each<[string, TraitValue]>([
    ['email', 'ada@example.com'],
    ['email', 'ada+spring@mail.example.co.uk'],
    ['email', 'jörg@müller.example'],
    ['email', null],
    ['phone', '+436601234567'],
    ['country', 'AT'],
    ['country', 'XK'],
    ['language', 'de'],
    ['language', 'zh-Hant-TW'],
    ['timezone', 'Europe/Vienna'],
    ['timezone', 'UTC'],
    ['timezone', 'US/Eastern'],
    ['birth_date', '1900-01-01'],
    ['birth_date', '2026-02-28'],
    ['birth_date', '2004-02-29'],
    ['marketing_consent', true],
    ['opted_out', false],
    ['constructor', 'anything'],
    ['toString', 'anything'],
    ['shoe size', 'huge'],
    ['consent_text', 'I agree'],
  ])('takes %s %j', (name, value) => {
    expect(problemOf(name, value)).toBeUndefined();
  });

  it.each<[string, TraitValue, RegExp]>([
    ['email', 'ada', /^email: .*ada@example\.com/],
    ['email', 'ada@', /e-mail address/],
    ['email', 'ada @example.com', /e-mail address/],
    ['email', '<b>ada</b>@example.com', /e-mail address/],
    ['email', 'ada@example.com\r\nBcc: all@example.com', /e-mail address/],
    ['email', `${'a'.repeat(250)}@example.com`, /e-mail address/],
    ['email', '', /send null/],
    ['email', 7, /e-mail address/],
    ['phone', '0660 1234567', /\+/],
    ['phone', '+43', /digits/],
    ['phone', 436601234567, /\+/],
    ['country', 'Austria', /two capital letters/],
    ['country', 'at', /two capital letters/],
    ['country', 'ZZ', /ISO 3166/],
    ['country', 'EU', /ISO 3166/],
    ['language', 'english', /BCP 47/],
    ['language', 'en_GB', /BCP 47/],
    ['language', 'de-', /BCP 47/],
    ['language', true, /BCP 47/],
    ['timezone', 'Vienna', /Europe\/Vienna/],
    ['timezone', '+01:00', /IANA/],
    ['timezone', 'x'.repeat(1_000), /IANA/],
    ['birth_date', '30.04.1990', /1990-04-30/],
    ['birth_date', '2023-02-29', /year-month-day/],
    ['birth_date', '1899-12-31', /1900/],
    ['birth_date', '2026-03-01', /past/],
    ['birth_date', '2999-01-01', /past/],
    ['birth_date', 19900430, /year-month-day/],
    ['consent', 'yes', /true or false/],
    ['email_consent', 1, /true or false/],
    ['newsletter_opt_in', 'true', /true or false/],
  ])('refuses %s %j', (name, value, message) => {
    expect(problemOf(name, value)).toMatch(message);
  });

  it('names every trait that is wrong', () => {
    const traits = { email: 'x', country: 'AT', phone: 'y', 'a b': 'z' };
    expect(formatProblems(traits, '2026-03-01').map(({ path }) => path)).toEqual(['email', 'phone']);
  });

  it('knows the countries that the platform knows, and no regions', () => {
    const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
    expect(countryCodes.size).toBe(250);
    for (const code of countryCodes) expect([code, names.of(code)]).toEqual([code, expect.any(String)]);
  });
});
