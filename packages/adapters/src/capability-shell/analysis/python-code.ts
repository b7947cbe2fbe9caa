import { tokensOf, type Token } from './tokens.ts';

const setOf = (...lines: readonly string[]): ReadonlySet<string> =>
  new Set(lines.flatMap((line) => line.split(' ')));

/** What of each module may be used. */
const modules: Readonly<Record<string, ReadonlySet<string>>> = {
  base64: setOf('b64encode b64decode'),
  datetime: setOf('datetime date timedelta timezone'),
  hashlib: setOf('sha256 sha1 md5'),
  json: setOf('load loads dump dumps'),
  math: setOf('pi e sqrt floor ceil log pow'),
  os: setOf('path getcwd environ listdir sep name linesep cpu_count getpid'),
  pathlib: setOf('Path'),
  platform: setOf('system machine release version python_version node platform'),
  random: setOf('random randint choice'),
  re: setOf('sub match search findall split'),
  sys: setOf(
    'version version_info argv executable platform path stdin stdout stderr exit byteorder maxsize prefix',
  ),
  time: setOf('time sleep strftime'),
  tomllib: setOf('load loads'),
  uuid: setOf('uuid4'),
};

/** Members of values that are no module. */
const members = setOf(
  'get keys values items append join split strip lstrip rstrip replace upper lower startswith endswith splitlines count',
  'index sort encode decode read readline readlines write close hexdigest group groups isoformat now today strftime',
  'exists isfile isdir basename dirname abspath join splitext getsize major minor micro read_text name parent stem suffix',
);

const builtIns = setOf(
  'print len str int float bool list dict set tuple sorted range sum min max abs round enumerate zip any all repr open',
  'True False None and or not in is if else elif for while try except finally pass break continue assert',
  'with as lambda',
);

/** Names that code may give; none is that of a function that runs anything. */
const ownName =
  /^(?:[a-z_]{1,2}\d?|data|text|line|lines|file|key|value|item|name|path|result|out|row|doc|obj|pkg)$/;

/** Words for parameters that are named. */
const settings = setOf(
  'indent sep end file sort_keys key reverse encoding default mode ensure_ascii',
);

/**
 * Whether code of Python is made of nothing but what is listed here. What is not listed is not understood.
 */
export function isHarmlessPython(code: string): boolean {
  const tokens = code.length > 4096 ? undefined : tokensOf(code);
  if (tokens === undefined) return false;
  const reading: Reading = { tokens, imported: new Set(), given: new Set() };
  const rest = withoutImports(reading);
  if (rest === undefined) return false;
  const within = { ...reading, tokens: rest };
  giveNames(within);
  return rest.every((_, at) => isKnown(within, at));
}

interface Reading {
  readonly tokens: readonly Token[];
  readonly imported: Set<string>;
  readonly given: Set<string>;
}

const textAt = (tokens: readonly Token[], at: number): string => tokens[at]?.text ?? '';

/** The code without `import a, b` and `from a import b, c`, at the beginning of statements. */
function withoutImports({ tokens, imported, given }: Reading): readonly Token[] | undefined {
  const statements: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'mark' && token.text === ';') statements.push([]);
    else statements.at(-1)?.push(token);
  }
  const rest: Token[] = [];
  for (const statement of statements) {
    const words = statement.map(({ text }) => text).join(' ');
    const [, plain] = /^import (\w+(?: , \w+)*)$/.exec(words) ?? [];
    const [, from, named] = /^from (\w+) import (\w+(?: , \w+)*)$/.exec(words) ?? [];
    if (plain !== undefined) {
      const names = plain.split(' , ');
      if (!names.every((name) => Object.hasOwn(modules, name))) return undefined;
      for (const name of names) imported.add(name);
    } else if (from !== undefined && named !== undefined) {
      const own = Object.hasOwn(modules, from) ? modules[from] : undefined;
      const names = named.split(' , ');
      if (own === undefined || !names.every((name) => own.has(name))) return undefined;
      for (const name of names) given.add(name);
    } else rest.push(...statement, { kind: 'mark', text: ';' });
  }
  return rest;
}

/** Names that are given by `x =`, `for x in`, `as x`, and by `lambda x:`. */
function giveNames({ tokens, given }: Reading): void {
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== 'name' || !ownName.test(text)) continue;
    const [before, after] = [textAt(tokens, at - 1), textAt(tokens, at + 1)];
    const isAssigned = after === '=' && (before === ';' || at === 0);
    if (isAssigned || ['for', 'as', 'lambda'].includes(before)) given.add(text);
    if (before === ',' && after === 'in') given.add(text);
  }
}

function isKnown({ tokens, imported, given }: Reading, at: number): boolean {
  const { kind, text } = tokens[at] as Token;
  if (kind !== 'name') return true;
  const [before, after] = [textAt(tokens, at - 1), textAt(tokens, at + 1)];
  if (before === '.') {
    const owner = textAt(tokens, at - 2);
    const isFirst = textAt(tokens, at - 3) !== '.';
    return isFirst && imported.has(owner) ? modules[owner]?.has(text) === true : members.has(text);
  }
  if (after === '=' && /^[(,]$/.test(before)) return settings.has(text);
  // A module stands before a point alone, so that nothing but what is listed is got of it.
  if (imported.has(text)) return after === '.';
  return given.has(text) || builtIns.has(text);
}
