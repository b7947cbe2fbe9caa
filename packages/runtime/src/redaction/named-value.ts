import { isPlaceholder } from './placeholder.ts';
import { isRandom } from './randomness.ts';

/**
 * What a name promises of its value: a password that people make up, a key that machines draw, or
 * one of a provider, which may be a UUID.
 */
export type NameClass = 'password' | 'key' | 'api-key';

/** A name and the text that it is given, in whatever language. */
export interface Named {
  /** All of the name, as far as it could be read. */
  readonly name: string;
  readonly value: string;
  /** Whether the value stood in quotes, and so is a text and no expression. */
  readonly quoted: boolean;
}

/** Names that hold a word for secrets, and mean something else. */
const harmless =
  /hash|digest|sha\d|checksum|integrity|fingerprint|public|csrf|xsrf|length|count|types?$|kind|name$|[-_.]?id$|ur[il]$|path|file|field|label|regex|pattern|expir|ttl|endpoint|policy|page|next|cursor|continuation|sync|color|colour|message|error|invalid|index|position|offset|symbol|syntax|keyword|primary|foreign|partition|sort|cache|node|lock|size|algorithm|version|format|mode|scope|status|state$|code$|title|text$|hint|prompt|placeholder|reset|forgot|strength|min|max/i;

/** Code that yields a value: a call, a path, an address. */
const expression = /^(?:[./~]|[a-z][a-z0-9+.-]*:\/\/)|[()[\]{}]|=>|\$\{|<%|%>/;
/** A member of an object; random text with points in it looks like one. */
const member = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A digest with the name of its algorithm, as lock files have it, and inlined data. */
const labelled = /^(?:sha\d{1,3}|md5|blake\w*)[-:]|^data:|;base64,/i;
const longestSecret = 512;

/** Whether a value under a name for secrets is one. Entropy decides last. */
export function isNamedSecret(nameClass: NameClass, named: Named): boolean {
  const { name, value } = named;
  if (value.length > longestSecret || harmless.test(name)) return false;
  if (isPlaceholder(value) || expression.test(value) || labelled.test(value)) return false;
  if (nameClass === 'password') return isPassword(named);
  return isKey(named) && (nameClass === 'api-key' || !uuid.test(value));
}

const leastKeyChars = 16;

/** The first part of a member of an object: a word, which random text does not begin with for long. */
const plainOwner = /^[A-Za-z_$]{1,16}\??\./;
/** Without quotes, other characters are those of code. */
const drawn = /^[\w.=+/~:-]+$/;

/** Whether a text is a member of an object, and not random text with points in it. */
function isMember(value: string): boolean {
  return member.test(value) && (plainOwner.test(value) || !isRandom(value));
}

function isKey({ value, quoted }: Named): boolean {
  if (!quoted && (!drawn.test(value) || isMember(value))) return false;
  return value.length >= leastKeyChars && isRandom(value);
}

const leastPasswordChars = 8;
/** Passwords that stand for one. */
const fillers =
  /^(?:pass(?:word|wd|phrase)?|secret|test(?:ing)?|admin|root|user|foo|bar|none|null|undefined|true|false)[\W_\d]{0,4}$/i;

/**
 * A password has a digit and letters. Without quotes it is told from a name by the digit within, or
 * by the name that it is given to, which is written as variables of the environment are.
 */
function isPassword({ name, value, quoted }: Named): boolean {
  if (value.length < leastPasswordChars || fillers.test(value) || uuid.test(value)) return false;
  if (!/\d|[^\w\s.,:/-]/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (quoted || /^[A-Z][A-Z0-9_]*$/.test(name)) return !/^[\w.]+\(/.test(value);
  return /\d/.test(value) && !isMember(value);
}
