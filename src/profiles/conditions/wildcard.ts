/**
 * Whether the whole text matches a pattern in which `*` stands for any text and `?` for any one character. Takes at most
 * text times pattern steps, since only the latest `*` is ever tried again: there is nothing that could explode, as regular
 * expressions can.
 */
export function matchesWildcard(text: string, pattern: string): boolean {
  let [at, sign] = [0, 0];
  let [star, resume] = [-1, 0];
  while (at < text.length) {
    if (pattern[sign] === '*') {
      star = sign;
      resume = at;
      sign += 1;
    } else if (pattern[sign] === '?') {
      at += isPair(text, at) ? 2 : 1;
      sign += 1;
    } else if (pattern[sign] === text[at]) {
      at += 1;
      sign += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      sign = star + 1;
    } else return false;
  }
  while (pattern[sign] === '*') sign += 1;
  return sign === pattern.length;
}

/** A character beyond the first plane is two units of the text. */
function isPair(text: string, at: number): boolean {
  const first = text.charCodeAt(at);
  const second = text.charCodeAt(at + 1);
  return first >= 0xd800 && first <= 0xdbff && second >= 0xdc00 && second <= 0xdfff;
}
