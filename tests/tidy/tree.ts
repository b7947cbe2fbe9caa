import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** Content that tools or other projects made, kept byte for byte. */
const made = /(^|\/)(golden|vectors)\/|\.generated\.|(^|\/)package-lock\.json$|^LICENSE$/;

/** The files of the tree as git sees them, new ones included, ignored ones not. */
export const files: readonly string[] = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\0')
  .filter((file) => file !== '' && existsSync(path.join(root, file)));

export const written: readonly string[] = files.filter((file) => !made.test(file));

export const sources: readonly string[] = written.filter((file) => /\.(ts|mjs|js)$/.test(file));

export const documents: readonly string[] = written.filter((file) => file.endsWith('.md'));

export function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

export function readJson(file: string): unknown {
  return JSON.parse(read(file));
}
