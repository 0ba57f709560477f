/** Bytes that a string takes in UTF-8; a lone surrogate, which has no UTF-8, counts three. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // Both halves of a pair add one each: two units, four bytes.
    bytes += unit < 0x800 || isPaired(text, i) ? 1 : 2;
  }
  return bytes;
}

function isPaired(text: string, i: number): boolean {
  const unit = text.charCodeAt(i);
  if (unit >= 0xd800 && unit < 0xdc00) return isLow(text.charCodeAt(i + 1));
  return isLow(unit) && isHigh(text.charCodeAt(i - 1));
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
