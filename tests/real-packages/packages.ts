import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { commitAll, writeFiles } from '../ground/ground.ts';
import type { Package } from './work.ts';

/** Public packages as the registry has them: set-up has installed them. */
export const packages: readonly Package[] = [
  {
    name: 'commander',
    source: 'lib/command.js',
    find: 'export class Command extends EventEmitter {',
    spare: ['Readme.md', 'typings'],
    other: 'LICENSE',
    gates: [
      'node --check lib/command.js',
      `node -e "import('./index.js').then((m) => new m.Command())"`,
    ],
  },
  {
    name: 'ajv',
    source: 'dist/ajv.js',
    find: 'class Ajv extends core_1.default {',
    spare: ['README.md', 'lib/vocabularies'],
    other: '.runkit_example.js',
    gates: ['node --check dist/ajv.js', `node -e "require('./dist/vocabularies/code.js')"`],
  },
];

const cli = createRequire(path.resolve(import.meta.dirname, '../../apps/cli/package.json'));

/** The folder that the package is installed in. */
function folderOf(name: string): string {
  const marker = `${path.sep}node_modules${path.sep}${name}${path.sep}`;
  const entry = cli.resolve(name);
  return entry.slice(0, entry.lastIndexOf(marker) + marker.length);
}

/** Commits the sources of a package into a repository, and gives the commit. */
export function layOut({ name }: Package, repository: string): string {
  cpSync(folderOf(name), repository, { recursive: true });
  rmSync(path.join(repository, 'node_modules'), { recursive: true, force: true });
  writeFiles(repository, { '.gitignore': 'build/\n' });
  return commitAll(repository);
}
