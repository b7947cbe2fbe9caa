import { archives } from './archives.ts';
import { compression } from './compression.ts';
import { files } from './files.ts';
import { git } from './git.ts';
import { interpreters } from './interpreters.ts';
import { managers } from './javascript.ts';
import { javascriptTools } from './javascript-tools.ts';
import { native } from './native.ts';
import { network } from './network.ts';
import { python } from './python.ts';
import type { Family, ProgramRow } from './row.ts';
import { shells } from './shells.ts';
import { isLoader, spellingsOf } from './spelling.ts';
import { text } from './text.ts';
import { wrappers } from './wrappers.ts';

/** All that is known of programs, family by family. */
export const families: Readonly<Record<string, Family>> = {
  archives,
  compression,
  files,
  git,
  interpreters,
  javascript: managers,
  'javascript-tools': javascriptTools,
  native,
  network,
  python,
  shells,
  text,
  wrappers,
};

const rows: ReadonlyMap<string, ProgramRow> = new Map(
  Object.values(families).flatMap((family) =>
    Object.entries(family).flatMap(([names, row]) =>
      names.split(' ').map((name) => [name, row] as const),
    ),
  ),
);

/** All names under which a program is built in, sorted. */
export const builtInNames: readonly string[] = [...rows.keys()].sort();

/** What is known of a program by its name. */
export const rowOf = (name: string): ProgramRow | undefined => rows.get(name);

export type Registry = 'npm' | 'python';

/** Families of what the packages of a registry bring, and what they bring of other families. */
const brought: Readonly<Record<Registry, ReadonlySet<string>>> = {
  npm: namesIn(
    [interpreters, managers, javascriptTools],
    'premove rimraf del-cli mkdirp make-dir cpy cpy-cli cpx copyfiles ncp recursive-copy shx renamer trash ' +
      'cross-env cross-env-shell dotenv env-cmd firebase vercel netlify wrangler serverless sls cdk gh-pages ' +
      'semantic-release release-it np codecov coveralls snyk newman percy chromatic surge now lt localtunnel',
  ),
  python: namesIn([python], 'ansible semgrep'),
};

function namesIn(whole: readonly Family[], others: string): ReadonlySet<string> {
  const keys = [...whole.flatMap((family) => Object.keys(family)), others];
  return new Set(keys.flatMap((names) => names.split(' ')));
}

/** What is known of a program that a package of the registry brings under that name. */
export const packageRow = (name: string, registry: Registry): ProgramRow | undefined =>
  brought[registry].has(name) ? rows.get(name) : undefined;

/** Whether something is built in of a program of this name, or of which this is another spelling or version. */
export function isBuiltIn(name: string): boolean {
  return rows.has(name) || isLoader(name) || spellingsOf(name).some((each) => rows.has(each));
}
