import type { EngineName } from './template.js';

/**
 * Conditions written as HTML comments, `<!-- IF user.vip -->…<!-- ELSE -->…<!-- ENDIF -->`, as the engine's own tags of the
 * same length, so that every line and column stays. The keywords are in capitals: a comment that begins with "if" is a comment.
 */
export function withCommentConditionals(source: string, engine: EngineName): string {
  const write = engine === 'liquid' ? asLiquid : asHandlebars;
  return source.replace(
    /<!--(\s*)(IF|ELSEIF|ELSIF|ELSE|ENDIF)\b((?:(?!-->|[{}])[^])*?)-->/g,
    (comment, before: string, keyword: string, condition: string) =>
      write(keyword, `${before}${condition}`.length, condition, comment.length),
  );
}

function asLiquid(keyword: string, _room: number, condition: string, length: number): string {
  const name = keyword === 'ELSEIF' ? 'elsif' : keyword.toLowerCase();
  return filled(`{% ${name}`, condition, '%}', length);
}

const handlebarsTags: Readonly<Record<string, string>> = {
  IF: '{{#if',
  ELSEIF: '{{else if',
  ELSIF: '{{else if',
  ELSE: '{{else',
  ENDIF: '{{/if',
};

function asHandlebars(keyword: string, _room: number, condition: string, length: number): string {
  return filled(handlebarsTags[keyword] ?? '{{', condition, '}}', length);
}

/** Blanks between the name and the condition, as many as the comment was longer. Line ends stay where they were. */
function filled(open: string, condition: string, close: string, length: number): string {
  const spare = length - open.length - condition.length - close.length;
  return `${open}${' '.repeat(Math.max(0, spare))}${condition}${close}`;
}
