/** Control characters, and marks that are not seen but change how the text around them is read. */
const unseen =
  // eslint-disable-next-line no-control-regex -- they are what this is about
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/**
 * A text from outside, for a page: what cannot be seen in it is written as its code, so that it can neither hide nor
 * turn around what stands beside it, and it is cut to a length. HTML is the view's to escape.
 */
export function shownText(text: string, most = 80): string {
  // By code points: half of a surrogate pair would be shown as a question mark.
  const characters = Array.from(text.slice(0, 2 * most + 1));
  const cut = characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
  return cut.replace(unseen, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
