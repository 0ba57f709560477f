import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyProfile,
  type GivenTraits,
  mergeProfile,
  type Profile,
  type SourcePrecedence,
} from '../../src/profiles/merge-profile.js';

const day = (n: number): string => new Date(Date.UTC(2026, 2, n)).toISOString();

const fold = (given: readonly GivenTraits[], precedence?: SourcePrecedence): Profile => {
  const { traits, origins } = given.reduce<Profile>(
    (known, one) => mergeProfile(known, one, precedence),
    emptyProfile,
  );
  return { traits, origins };
};

/** Few names, sources and times, so that they meet; values of every type, and names that objects have of themselves. */
const givenTraits: fc.Arbitrary<GivenTraits> = fc.record({
  traits: fc.dictionary(
    fc.constantFrom('country', 'plan', 'constructor', 'toString', '1'),
    fc.constantFrom('AT', 'DE', '', 1, -1, 1e308, true, false, null),
  ),
  source: fc.constantFrom('crm', 'import', 'api', 'm/9', 'm/10', 'm/09', '😀', '\ue000'),
  at: fc.integer({ min: 1, max: 4 }).map(day),
});

describe('mergeProfile', () => {
  it('lets the later value win and says where it comes from', () => {
    const first = { traits: { country: 'AT', plan: 'free' }, source: 'crm', at: day(1) };
    const second = { traits: { country: 'DE' }, source: 'import', at: day(2) };
    const expected = {
      traits: { country: 'DE', plan: 'free' },
      origins: { country: ['import', day(2)], plan: ['crm', day(1)] },
    };
    expect(fold([first, second])).toEqual(expected);
    expect(fold([second, first])).toEqual(expected);
  });

  it('takes the greater source, then the greater value, of the same time', () => {
    const crm = { traits: { a: 'x' }, source: 'crm', at: day(1) };
    const api = { traits: { a: 'y' }, source: 'api', at: day(1) };
    expect(fold([crm, api]).traits).toEqual({ a: 'x' });
    expect(fold([api, { ...api, traits: { a: 'z' } }]).traits).toEqual({ a: 'z' });
  });

  it('takes numbers in sources for numbers: of two models of one night the later one has said it', () => {
    const said = (source: string, a: string) => ({ traits: { a }, source, at: day(1) });
    const [nine, ten] = [said('model:stay/9', 'old'), said('model:stay/10', 'new')];
    expect(fold([nine, ten]).traits).toEqual({ a: 'new' });
    expect(fold([ten, nine]).traits).toEqual({ a: 'new' });
    expect(fold([said('m/09', 'x'), said('m/9', 'y')])).toEqual(fold([said('m/9', 'y'), said('m/09', 'x')]));
  });

  it('keeps a trait that was made unknown from coming back', () => {
    const gone = { traits: { plan: null }, source: 'crm', at: day(2) };
    const older = { traits: { plan: 'free' }, source: 'crm', at: day(1) };
    expect(fold([older, gone, older])).toEqual({ traits: {}, origins: { plan: ['crm', day(2)] } });
    expect(fold([gone, { ...older, at: day(3) }]).traits).toEqual({ plan: 'free' });
  });

  it('takes anything before a value whose origin is not known', () => {
    const known = { traits: { plan: 'free', country: 'AT' }, origins: {} };
    const merged = mergeProfile(known, { traits: { plan: 'paid' }, source: 'api', at: day(1) });
    expect(merged).toEqual({
      traits: { plan: 'paid', country: 'AT' },
      origins: { plan: ['api', day(1)] },
      changed: true,
    });
  });

  it('says whether anything changed', () => {
    const given = { traits: { plan: 'free' }, source: 'api', at: day(2) };
    const once = mergeProfile(emptyProfile, given);
    expect(once.changed).toBe(true);
    expect(mergeProfile(once, given).changed).toBe(false);
    expect(mergeProfile(once, { ...given, at: day(1) }).changed).toBe(false);
    // The same value said later: what is older than that can no longer win.
    expect(mergeProfile(once, { ...given, at: day(3) }).changed).toBe(true);
  });

  it('trusts declared sources more than the clock, trait by trait', () => {
    const precedence = { country: ['crm', 'import'] };
    const crm = { traits: { country: 'AT', plan: 'a' }, source: 'crm', at: day(1) };
    const imported = { traits: { country: 'DE', plan: 'b' }, source: 'import', at: day(2) };
    const other = { traits: { country: 'FR' }, source: 'zzz', at: day(3) };
    expect(fold([crm, imported, other], precedence).traits).toEqual({ country: 'AT', plan: 'b' });
    expect(fold([other, imported], precedence).traits).toEqual({ country: 'DE', plan: 'b' });
  });

  it('makes the same of the same, in any order, any number of times and with any precedence', () => {
    fc.assert(
      fc.property(
        fc.array(givenTraits, { maxLength: 8 }).chain((given) =>
          fc.tuple(
            fc.constant(given),
            fc.shuffledSubarray([...given, ...given], {
              minLength: given.length * 2,
              maxLength: given.length * 2,
            }),
          ),
        ),
        fc.constantFrom<SourcePrecedence>({}, { country: ['crm', 'api'], constructor: ['import'] }),
        ([given, again], precedence) => {
          const once = fold(given, precedence);
          expect(fold(again, precedence)).toEqual(once);
          for (const one of given) expect(mergeProfile(once, one, precedence).changed).toBe(false);
        },
      ),
    );
  });
});
