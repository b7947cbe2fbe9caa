const setOf = (...lines: readonly string[]): ReadonlySet<string> =>
  new Set(lines.flatMap((line) => line.split(' ')));

/** Members of values that are no module: of texts, lists, numbers, promises, and of what is read from JSON. */
export const members = setOf(
  'length map filter join split slice splice sort reverse concat flat flatMap forEach reduce find findIndex some every',
  'includes indexOf lastIndexOf startsWith endsWith replace replaceAll match matchAll test trim trimStart trimEnd',
  'padStart padEnd repeat toUpperCase toLowerCase charAt charCodeAt at push pop shift unshift keys has get set add size',
  'toString toFixed toISOString getTime getFullYear getMonth getDate toLocaleString then catch finally message stack',
  'version name main scripts dependencies devDependencies peerDependencies optionalDependencies engines node npm bin',
  'exports files license description author repository url homepage private workspaces packageManager type types',
  'module browser config build test lint start default a b c id data',
);

/** Keys of the objects that code makes, besides members. */
export const keys = setOf(
  'recursive force encoding flag spaces value key path file text error ok d e f g i j k n p q r s t u v w x y z',
);

/** What of each module and global may be used; a bare name of one is no value. */
export const rooms: Readonly<Record<string, ReadonlySet<string>>> = {
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

/** Those of them that may be asked for by `require`. */
export const modules = setOf('fs fs/promises path os crypto');

/** What may be made by `new`, and, as all of these, stand by itself. */
export const constructors = setOf('Number String Boolean Date Array Promise Set Map Error RegExp');
export const globals = setOf('undefined NaN Infinity parseInt parseFloat isNaN');

/** Names that code may give, besides single letters. None is that of anything that Node has by itself. */
export const ownNames = setOf(
  'pkg data text line lines file files name key value item items json keys list out src dest version err content',
  'result index args arr cfg dir ext idx len map msg num obj old res row str sum tmp val',
);
