import type { Site } from './site.ts';
import { whole } from './word.ts';

/** Reads what stands at a place of a script; undefined where it is not understood. */
type Step = (script: string, at: number, site: Site) => number | undefined;

/** Commands of a script of sed (POSIX, with those of GNU) that read, write or run something. */
export function readSed(script: string, site: Site): void {
  let at: number | undefined = 0;
  while (at < script.length) {
    at = skipped(script, at);
    if (at >= script.length) return;
    at = command(script, at, site);
    if (at === undefined) {
      site.unclear('a part of its script');
      return;
    }
  }
}

const skipped = (script: string, at: number): number => {
  let to = at;
  while (/[\s;{}]/.test(script.charAt(to))) to += 1;
  return to;
};

const command: Step = (script, at, site) => {
  const after = addresses(script, at);
  const letter = after === undefined ? '' : script.charAt(after);
  return after === undefined ? undefined : steps.get(letter)?.(script, after + 1, site);
};

/** Past the addresses, and the `!` behind them. */
function addresses(script: string, start: number): number | undefined {
  let at = start;
  for (;;) {
    const letter = script.charAt(at);
    if (letter === '/') {
      const end = delimited(script, at + 1, '/');
      if (end === undefined) return undefined;
      at = end;
    } else if (/[\d$,~+!\sIM]/.test(letter)) at += 1;
    else return at;
  }
}

/** Past the next delimiter. One in brackets ends the expression for some and not for others. */
function delimited(script: string, start: number, delimiter: string): number | undefined {
  let inBrackets = false;
  for (let at = start; at < script.length; at += 1) {
    const letter = script.charAt(at);
    if (letter === '\\') at += 1;
    else if (letter === delimiter) return inBrackets ? undefined : at + 1;
    else if (letter === '[') inBrackets = true;
    else if (letter === ']') inBrackets = false;
  }
  return undefined;
}

const lineEnd = (script: string, at: number): number => {
  const end = script.indexOf('\n', at);
  return end === -1 ? script.length : end;
};

const named =
  (take: (site: Site, file: string) => void): Step =>
  (script, at, site) => {
    const end = lineEnd(script, at);
    take(site, script.slice(at, end).trim());
    return end;
  };

const writing = named((site, file) => site.writes(whole(file)));
const reading = named((site, file) => site.reads(whole(file)));
const toEnd: Step = (script, at) => lineEnd(script, at);
const label: Step = (script, at) => {
  const end = script.slice(at).search(/[;\n}]/);
  return end === -1 ? script.length : at + end;
};
const number: Step = (script, at) => {
  const end = script.slice(at).search(/[^\d\s]/);
  return end === -1 ? script.length : at + end;
};
const none: Step = (_script, at) => at;

/** Text that goes on behind a `\` at the end of a line. */
const appended: Step = (script, at) => {
  let end = lineEnd(script, at);
  while (script.charAt(end - 1) === '\\' && end < script.length) end = lineEnd(script, end + 1);
  return end;
};

/** Both parts between delimiters. */
function parts(script: string, at: number): number | undefined {
  const delimiter = script.charAt(at);
  if (delimiter === '' || delimiter === '\\' || delimiter === '\n') return undefined;
  const middle = delimited(script, at + 1, delimiter);
  return middle === undefined ? undefined : delimited(script, middle, delimiter);
}

const substitution: Step = (script, at, site) => {
  const end = parts(script, at);
  if (end === undefined) return undefined;
  let after = end;
  while (/[gpiIMm\d]/.test(script.charAt(after))) after += 1;
  if (script.charAt(after) === 'w') return writing(script, after + 1, site);
  return /^[eE]/.test(script.slice(after)) ? undefined : after;
};

const steps: ReadonlyMap<string, Step> = new Map<string, Step>([
  ['s', substitution],
  ['y', (script, at) => parts(script, at)],
  ['w', writing],
  ['W', writing],
  ['r', reading],
  ['R', reading],
  ...'aic'.split('').map((name) => [name, appended] as const),
  ...'bBtT:'.split('').map((name) => [name, label] as const),
  ...'qQlL'.split('').map((name) => [name, number] as const),
  ...'=dDgGhHnNpPxzF'.split('').map((name) => [name, none] as const),
  ['#', toEnd],
]);
