import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowsWithMistakes } from '../../src/files/json-rows.js';

const values = (text: string, name = 'rows') =>
  rowsWithMistakes(text, name)?.map((line) => (line.ok ? line.value : line.code));

describe('rows of a JSON body, one by one', () => {
  it('are those of the body, however it is written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 4 })),
        fc.constantFrom(0, 1, '\t'),
        fc.boolean(),
        (rows, space, bare) => {
          const text = JSON.stringify(bare ? rows : { rows }, null, space);
          expect(values(text)).toEqual(JSON.parse(JSON.stringify(rows)));
        },
      ),
    );
  });

  it('are good or bad by themselves', () => {
    expect(values('[{"a":1,"a":2}, 7, "x,]}\\"", [], {"b":[{"c":1,"c":1}]}]')).toEqual([
      'line_duplicate_key',
      7,
      'x,]}"',
      [],
      'line_duplicate_key',
    ]);
  });

  it.each(['{"a":1,"a":2}', '7', '{"rows":[1],"rows":[2]}', '{"other":[1]}', '{"rows":{"a":1,"a":1}}', '{}'])(
    'cannot be told apart in %s',
    (text) => {
      expect(values(text)).toBeUndefined();
    },
  );
});
