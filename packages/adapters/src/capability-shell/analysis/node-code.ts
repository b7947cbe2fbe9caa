import { tokensOf, type Token } from './tokens.ts';

const setOf = (...lines: readonly string[]): ReadonlySet<string> =>
  new Set(lines.flatMap((line) => line.split(' ')));

/** Members of values that are no module: of texts, lists, numbers, promises, and of what is read from JSON. */
const members = setOf(
  'length map filter join split slice splice sort reverse concat flat flatMap forEach reduce find findIndex some every',
  'includes indexOf lastIndexOf startsWith endsWith replace replaceAll match matchAll test trim trimStart trimEnd',
  'padStart padEnd repeat toUpperCase toLowerCase charAt charCodeAt at push pop shift unshift keys has get set add size',
  'toString toFixed toISOString getTime getFullYear getMonth getDate toLocaleString then catch finally message stack',
  'version name main scripts dependencies devDependencies peerDependencies optionalDependencies engines node npm bin',
  'exports files license description author repository url homepage private workspaces packageManager type types',
  'module browser config build test lint start default a b c id data',
);

/** What of each module and global may be used; a bare name of one is no value. */
const rooms: Readonly<Record<string, ReadonlySet<string>>> = {
  console: setOf('log error warn info debug table dir'),
  JSON: setOf('parse stringify'),
  Math: setOf('abs ceil floor round max min pow sqrt random trunc sign log PI E'),
  Object: setOf('keys'),
  Array: setOf('from isArray of'),
  Number: setOf('isInteger parseInt parseFloat MAX_SAFE_INTEGER'),
  Date: setOf('now'),
  Promise: setOf('all resolve'),
  Buffer: setOf('from byteLength'),
  process: setOf(
    'version versions argv env platform arch cwd exit exitCode stdout pid uptime hrtime memoryUsage execPath',
  ),
  fs: setOf(
    'existsSync readFileSync writeFileSync appendFileSync copyFileSync cpSync rmSync mkdirSync renameSync unlinkSync',
    'readdirSync statSync rmdirSync',
  ),
  'fs/promises': setOf(
    'readFile writeFile appendFile copyFile cp rm mkdir rename unlink readdir stat',
  ),
  path: setOf('join resolve basename dirname extname relative normalize sep isAbsolute'),
  os: setOf('EOL platform arch cpus totalmem freemem tmpdir hostname homedir type release'),
  crypto: setOf('randomUUID'),
};

/** What stands by itself. */
const plainNames = setOf(
  'undefined NaN Infinity true false null typeof void instanceof in of new return if else for while do break',
  'continue async await try finally throw parseInt parseFloat isNaN String Boolean Set Map Error RegExp',
  'Number Date Array Promise',
);
const declaring = setOf('const let var');

/** Names that code may give: short ones, and some that are usual. None is that of anything that reaches out. */
const ownName =
  /^(?:[a-zA-Z_$]{1,3}\d?|pkg|data|text|line|lines|file|files|name|key|value|item|items|json|path|keys|list|out|src|dest|version|err|content|result|index)$/;

const variable = /^(?:[A-Z][A-Z0-9_]*|npm_\w+)$/;
const ownFile = /^\.{1,2}\/[\w@./-]*$/;

/**
 * Whether code for Node is made of nothing but what is listed here: values, loops, the members above, files of
 * the project and what they give. What is not listed is not understood.
 */
export function isHarmlessNode(code: string): boolean {
  const tokens = code.length > 4096 ? undefined : tokensOf(code, 'node');
  if (tokens === undefined) return false;
  const given = namesIn(tokens);
  return given !== undefined && tokens.every((_, at) => isKnown(tokens, at, given));
}

type Given = ReadonlyMap<string, string>;

/** The names that the code gives, each with the module that it is, or an empty text. */
function namesIn(tokens: readonly Token[]): Given | undefined {
  const given = new Map<string, string>();
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== 'name') continue;
    const [before, after] = [textAt(tokens, at - 1), textAt(tokens, at + 1)];
    const isDeclared = declaring.has(before);
    const isParameter = after === '=>' || (isInList(tokens, at) && before !== '.');
    if (!isDeclared && !isParameter) continue;
    if (!ownName.test(text) && !Object.hasOwn(rooms, text)) return undefined;
    const room = isDeclared && after === '=' ? roomAsked(tokens, at + 2) : undefined;
    if (Object.hasOwn(rooms, text) && room !== text && !(text === 'path' && room === undefined)) {
      return undefined;
    }
    given.set(text, room ?? '');
  }
  return given;
}

/** Whether it stands in `(a, b) =>`. */
function isInList(tokens: readonly Token[], at: number): boolean {
  let start = at - 1;
  while (/^(?:,|name)$/.test(formAt(tokens, start))) start -= 1;
  let end = at + 1;
  while (/^(?:,|name)$/.test(formAt(tokens, end))) end += 1;
  return (
    textAt(tokens, start) === '(' && textAt(tokens, end) === ')' && textAt(tokens, end + 1) === '=>'
  );
}

const textAt = (tokens: readonly Token[], at: number): string => tokens[at]?.text ?? '';
const formAt = (tokens: readonly Token[], at: number): string =>
  tokens[at]?.kind === 'name' ? 'name' : textAt(tokens, at);

/** The module of `require('…')` at a place; undefined where that is none of those above. */
function roomAsked(tokens: readonly Token[], at: number): string | undefined {
  const [asks, open, named, close] = tokens.slice(at, at + 4);
  if (asks?.text !== 'require' || open?.text !== '(' || close?.text !== ')') return undefined;
  if (named?.kind !== 'text') return undefined;
  const name = named.text.replace(/^node:/, '');
  return Object.hasOwn(rooms, name) && name !== 'process' && /^[a-z]/.test(name) ? name : undefined;
}

function isKnown(tokens: readonly Token[], at: number, given: Given): boolean {
  const { kind, text } = tokens[at] as Token;
  if (kind === 'mark') return text !== '[' || !isMember(tokens, at) || isPlainIndex(tokens, at);
  if (kind !== 'name') return true;
  const before = textAt(tokens, at - 1);
  if (before === '.' || before === '?.') return isKnownMember(tokens, at, given);
  // A key of an object; `a ? b : c` reads like one, and is held to the same.
  if (textAt(tokens, at + 1) === ':' && /^[{,]$/.test(before)) return isKey(text);
  if (text === 'require') return isAsking(tokens, at);
  const room = given.get(text) ?? (Object.hasOwn(rooms, text) ? text : '');
  if (room !== '')
    return isRoomUsed(tokens, at, room) || isDeclaredRoom(tokens, at) || isCalled(tokens, at);
  return given.has(text) || plainNames.has(text) || declaring.has(text);
}

const isKey = (text: string): boolean =>
  members.has(text) || /^(?:recursive|force|encoding|[a-z]{1,2}\d?)$/.test(text);

/** A module stands before a point alone, so that nothing but what is listed is got of it. */
const isRoomUsed = (tokens: readonly Token[], at: number, room: string): boolean =>
  textAt(tokens, at + 1) === '.' && rooms[room]?.has(textAt(tokens, at + 2)) === true;

const isDeclaredRoom = (tokens: readonly Token[], at: number): boolean =>
  declaring.has(textAt(tokens, at - 1));

/** `new Date`, `Number(x)`. */
const isCalled = (tokens: readonly Token[], at: number): boolean =>
  plainNames.has(textAt(tokens, at)) && /^[(;)]?$/.test(textAt(tokens, at + 1));

/** A module that is listed, with a member of it; or a file of the project. */
function isAsking(tokens: readonly Token[], at: number): boolean {
  const named = tokens[at + 2];
  const isWhole = textAt(tokens, at + 1) === '(' && textAt(tokens, at + 3) === ')';
  if (!isWhole || named?.kind !== 'text') return false;
  if (ownFile.test(named.text)) return true;
  const room = roomAsked(tokens, at);
  if (room === undefined) return false;
  if (textAt(tokens, at + 4) === '.') return rooms[room]?.has(textAt(tokens, at + 5)) === true;
  return textAt(tokens, at - 1) === '=' && declaring.has(textAt(tokens, at - 3));
}

function isKnownMember(tokens: readonly Token[], at: number, given: Given): boolean {
  const { text } = tokens[at] as Token;
  const owner = textAt(tokens, at - 2);
  const isFirst = !['.', '?.'].includes(textAt(tokens, at - 3));
  const room = given.get(owner) ?? (Object.hasOwn(rooms, owner) ? owner : '');
  // What stands behind a module was looked at with it.
  if (isFirst && room !== '') return rooms[room]?.has(text) === true;
  if (owner === 'env' && textAt(tokens, at - 4) === 'process') return variable.test(text);
  if (owner === 'stdout' && textAt(tokens, at - 4) === 'process') return text === 'write';
  const asked = owner === ')' ? roomAsked(tokens, at - 5) : undefined;
  return asked === undefined ? members.has(text) : rooms[asked]?.has(text) === true;
}

/** Whether a bracket is behind a value. */
const isMember = (tokens: readonly Token[], at: number): boolean => {
  const before = tokens[at - 1];
  return before !== undefined && (before.kind !== 'mark' || /^(?:[)\]}]|\?\.)$/.test(before.text));
};

function isPlainIndex(tokens: readonly Token[], at: number): boolean {
  const inner = tokens[at + 1];
  if (textAt(tokens, at + 2) !== ']' || inner === undefined) return false;
  return inner.kind === 'number' || (inner.kind === 'text' && members.has(inner.text));
}
