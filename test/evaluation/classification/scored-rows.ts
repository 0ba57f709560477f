import fc from 'fast-check';

/** Labels and probabilities with many ties and at least one of each label. */
export const scored = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 12 })), {
    minLength: 2,
    maxLength: 60,
  })
  .filter((rows) => new Set(rows.map(([label]) => label)).size === 2)
  .map((rows) => ({
    labels: Uint8Array.from(rows, ([label]) => label),
    scores: Float64Array.from(rows, ([, score]) => score / 12),
  }));

export const numberOf = (result: object): number => {
  if (!('value' in result) || typeof result.value !== 'number') throw new Error(JSON.stringify(result));
  return result.value;
};
