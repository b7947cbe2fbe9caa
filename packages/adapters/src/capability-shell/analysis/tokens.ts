/** A part of code of Python. Of a text: what stands in it, where that is as it is written. */
export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'mark';
  readonly text: string;
}

const blanks = /[ \t\r\n]+/y;
const name = /[A-Za-z_]\w*/y;
const number = /(?:0x[\da-fA-F]+|\d+(?:\.\d+)?)(?![\w.])/y;
const quoted = /'(?:[^'\\\n]|\\[^xu\d\n])*'|"(?:[^"\\\n]|\\[^xu\d\n])*"/y;
const mark = /==|!=|<=|>=|\/\/|\*\*|->|[-+*/%<>=:;,.(){}[\]|&]/y;

/** The parts of code in order; undefined where something in it is of no form that is read here. */
export function tokensOf(code: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  const next = (form: RegExp): string | undefined => {
    form.lastIndex = at;
    const [found] = form.exec(code) ?? [];
    if (found !== undefined) at += found.length;
    return found;
  };
  while (at < code.length) {
    const start = at;
    const blank = next(blanks);
    if (blank !== undefined) {
      if (blank.includes('\n')) tokens.push({ kind: 'mark', text: ';' });
      continue;
    }
    const text = next(quoted);
    if (text !== undefined) {
      // One that is made of others, or of bytes, is marked by a letter before it.
      if (/[\w'"]/.test(code.charAt(start - 1))) return undefined;
      tokens.push({ kind: 'text', text: text.includes('\\') ? '\\' : text.slice(1, -1) });
      continue;
    }
    const token = wordOf(next) ?? markOf(next(mark));
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  return tokens;
}

function wordOf(next: (form: RegExp) => string | undefined): Token | undefined {
  const named = next(name);
  if (named !== undefined) return { kind: 'name', text: named };
  const counted = next(number);
  return counted === undefined ? undefined : { kind: 'number', text: counted };
}

const markOf = (text: string | undefined): Token | undefined =>
  text === undefined ? undefined : { kind: 'mark', text };
