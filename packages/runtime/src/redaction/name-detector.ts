import { patternOf, type Detector, type Found } from './detector.ts';
import { isNamedSecret, type NameClass } from './named-value.ts';
import { alternativesOf, runsOf, sourceOf } from './shape.ts';
import { anyChars, rarestSigns } from './signs.ts';

/** A word in names of secrets; an underscore within it stands for any separator, or none. */
export type SecretName = readonly [word: string, nameClass: NameClass];
/** Kind, words of which a name holds one, and the shapes that its value may have. */
export type NearFormat = readonly [kind: string, words: string, ...shapes: string[]];

const longestName = 48;
const longestRest = 40;
const longestValue = 520;

/**
 * What follows the word, up to the end of the value: the rest of the name; the end of its quotes;
 * an operator, a bracket or comma of a call, or the gap after an option of a command line; the
 * value, in quotes that may be escaped, or up to where it ends without. Every part is bounded.
 */
const tail = [
  String.raw`(?<rest>[\w.-]{0,${longestRest}})`,
  String.raw`(?<close>\\{0,3}["'\x60]|["'\x60]?\])?`,
  String.raw`(?:[ \t]{0,8}(?<operator>=>|:=|[:=]=?|%3[AaDd]|>|\(|,)[ \t]{0,8}|(?<gap>[ \t]{1,4}))`,
  String.raw`(?:(?<open>[a-zA-Z]?\\{0,3}["'\x60])(?<secret>(?:[^\s"'\x60<>\\]|\\\/){6,${longestValue}})(?=\\{0,3}["'\x60])`,
  String.raw`|(?<secret>[^\s"'\x60<>\\,;&|(){}[\]]{6,${longestValue}}))`,
].join('');

export function nameDetectors(kind: string, [word, nameClass]: SecretName): readonly Detector[] {
  return spellingsOf(word).map((spelled) =>
    detectorAfter(kind, spelled, (found) => isNamedSecret(nameClass, found)),
  );
}

export function nearDetectors([kind, words, ...shapes]: NearFormat): readonly Detector[] {
  const sources = shapes.flatMap(alternativesOf).map((shape) => sourceOf(runsOf(shape)));
  const whole = new RegExp(`^(?:${sources.join('|')})$`);
  return words
    .split(' ')
    .flatMap(spellingsOf)
    .map((spelled) => detectorAfter(kind, spelled, ({ value }) => whole.test(value)));
}

interface Assigned {
  readonly name: string;
  readonly value: string;
  readonly quoted: boolean;
}

function detectorAfter(
  kind: string,
  word: string,
  judge: (assigned: Assigned) => boolean,
): Detector {
  const { at, signs } = rarestSigns([...Array.from(word, (char) => [char]), anyChars]);
  return {
    kind,
    signs,
    before: at,
    ...patternOf(caseless(word) + tail),
    reach: word.length + longestRest + longestValue + 40,
    judge: (found) => {
      const name = assignedName(found, word);
      if (name === undefined) return false;
      const quoted = found.match.groups?.['open'] !== undefined;
      return judge({ name, value: found.secret, quoted });
    },
  };
}

/** The name that is given the value, or nothing where the text gives none. */
function assignedName({ text, match }: Found, word: string): string | undefined {
  const { rest = '', operator, gap, close, open } = match.groups ?? {};
  const before = /[\w.-]*$/.exec(text.slice(Math.max(0, match.index - longestName), match.index));
  const name = (before?.[0] ?? '') + match[0].slice(0, word.length) + rest;
  if (gap !== undefined) return name.startsWith('-') && close === undefined ? name : undefined;
  if (operator === '(' && open === undefined) return undefined;
  if (operator === ',' && (open === undefined || close === undefined)) return undefined;
  return name;
}

function spellingsOf(word: string): readonly string[] {
  const inner = /(?<=.)_/g;
  if (!inner.test(word)) return [word];
  return ['', '_', '-', '.', ' '].map((separator) => word.replaceAll(inner, separator));
}

function caseless(word: string): string {
  return Array.from(word, (char) => {
    if (/[a-z]/.test(char)) return `[${char}${char.toUpperCase()}]`;
    return char === '.' ? '\\.' : char;
  }).join('');
}
