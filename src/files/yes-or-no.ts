const words: Readonly<Record<string, 0 | 1>> = {
  '1': 1,
  true: 1,
  yes: 1,
  t: 1,
  y: 1,
  '0': 0,
  false: 0,
  no: 0,
  f: 0,
  n: 0,
};

/** 1 for 1, true, yes, t, y; 0 for 0, false, no, f, n, in any case; undefined for anything else. */
export function yesOrNo(text: string): 0 | 1 | undefined {
  const word = text.trim().toLowerCase();
  return Object.hasOwn(words, word) ? words[word] : undefined;
}
