/** Modules of Node that reach neither a network nor another program. */
const quietModules: ReadonlySet<string> = new Set(
  (
    'assert buffer console crypto events fs fs/promises os path perf_hooks process querystring ' +
    'readline stream string_decoder timers timers/promises tty url util zlib'
  ).split(' '),
);

/** Names by which code of Node gets at what it does not name, at a network or at other programs. */
const reachingNames =
  /(?<![\w$])(?:eval|Function|fetch|WebSocket|EventSource|XMLHttpRequest|globalThis|global|self|Reflect|Proxy|module|WebAssembly|Worker|constructor|__\w+__|_?\w*[bB]inding|mainModule|dlopen|getBuiltinModule|createRequire|child_process|kill|_load|caller|callee|with|execve|abort|extensions|cache|main|registerHooks|register)(?![\w$])/;

const stringLiteral =
  /'(?:[^'\\\n]|\\[^xu0-7\n])*'|"(?:[^"\\\n]|\\[^xu0-7\n])*"|`(?:[^`\\$]|\\[^xu0-7])*`/g;

/** Modules that are named where they are asked for. */
const moduleNames =
  /\b(?:require|import)\s*\(\s*(['"`])([^'"`\\$]*)\1\s*\)|\b(?:from|import)\s*(['"])([^'"\\]*)\3/g;

/**
 * Whether code for Node names everything that it uses, and none of it reaches a network or another
 * program. What it does besides is what any script of the project may do.
 */
export function isHarmlessNode(code: string): boolean {
  if (code.length > 4096 || /\\u|\/\*|\/\//.test(code.replace(/https?:\/\//g, ''))) return false;
  let modules = code;
  for (const [all, , called, , named] of code.matchAll(moduleNames)) {
    const name = called ?? named;
    if (name !== undefined && isQuiet(name)) modules = modules.replace(all, ' 0 ');
  }
  if (/\brequire\b|\bimport\s*(?:\(|['"`.])|\bfrom\s*['"]/.test(modules)) return false;
  const bare = modules.replace(stringLiteral, (text) => (isPlainKey(text) ? ' "" ' : ' "!" '));
  if (/['`\\#]/.test(bare) || bare.replaceAll('""', '').replaceAll('"!"', '').includes('"'))
    return false;
  return !reachingNames.test(bare) && !computesNames(bare);
}

const isQuiet = (name: string): boolean =>
  /^\.{1,2}\//.test(name) || quietModules.has(name.replace(/^node:/, ''));

/** A text that may stand in brackets without naming what is not to be reached. */
const isPlainKey = (text: string): boolean => !reachingNames.test(text) && !/\\/.test(text);

/** Members whose names stand in brackets, but for numbers and plain texts. */
function computesNames(bare: string): boolean {
  if (/\[[^\]]*\]\s*:/.test(bare)) return true;
  const members = bare.matchAll(/[\w$)\]"}]\s*(?:\?\.)?\[([^\]]*)\]?/g);
  return [...members].some(([, inner = '']) => !/^\s*(?:\d+|"")\s*$/.test(inner));
}

const quietImports: ReadonlySet<string> = new Set(
  (
    'base64 collections configparser csv datetime functools hashlib itertools json math os pathlib ' +
    'platform random re string sys sysconfig textwrap time tomllib typing unicodedata uuid'
  ).split(' '),
);

const reachingPython =
  /\b(?:eval|exec|compile|__(?!version__|name__|file__|doc__)\w*|getattr|setattr|delattr|globals|locals|vars|importlib|subprocess|modules|builtins|codecs|popen\w*|spawn\w*|fork\w*|exec\w+|posix_spawn\w*|startfile|kill\w*|socket|urllib|http|requests|ctypes|pty|input|breakpoint|_os|_sys|runpy|pickle|marshal|shutil|multiprocessing)\b/;

const osMembers =
  /^\.(?:path|getcwd|environ|listdir|sep|name|linesep|cpu_count|getpid|walk|stat)\b/;

/** The same for code of Python. */
export function isHarmlessPython(code: string): boolean {
  if (code.length > 4096 || /\\[xuUN0-7]/.test(code)) return false;
  const bare = code.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, '""');
  if (/['#\\]/.test(bare) || /\bf""/.test(bare)) return false;
  for (const [, list = ''] of bare.matchAll(/\bimport\s+([^;\n]*)/g)) {
    const names = list.split(',').map((name) => name.trim());
    const isFrom = new RegExp(`\\bfrom\\s+\\w+\\s+import\\s+${escaped(list)}`).test(bare);
    if (!isFrom && !names.every((name) => quietImports.has(name))) return false;
  }
  for (const [, name = ''] of bare.matchAll(/\bfrom\s+([\w.]+)/g)) {
    if (!quietImports.has(name) || name === 'os' || name === 'sys') return false;
  }
  return !reachingPython.test(bare) && !usesSystem(bare);
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Members of `os` other than those that only tell something, and `os` by another way. */
function usesSystem(bare: string): boolean {
  if (/(?<!platform)\.system\b|(?<!\.)\bsystem\b/.test(bare)) return true;
  const uses = [...bare.matchAll(/(\.|import\s+(?:[\w\s]+,\s*)*)?\bos\b(\.\w+)?/g)];
  return uses.some(([, before = '', member]) => {
    if (before.startsWith('import')) return member !== undefined && member !== '.path';
    return before === '.' || member === undefined || !osMembers.test(member);
  });
}
