import { existsSync, realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { readHostPattern } from '../authority/host-pattern.ts';

/**
 * A glob of files to protect, in the one form that paths of a workspace have: relative,
 * slash-separated, without `.` or `..`. Refuses `usage.invalid` for what no path can match, which
 * would protect nothing and say that it did.
 */
export function readProtected(glob: string): Result<string> {
  const named = glob.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '/**');
  const steps = named.split('/');
  const matchless =
    named === '' || named.startsWith('/') || /[[\]{}?\\\0]/.test(named) || !named.isWellFormed();
  if (matchless || steps.some((step) => step === '' || step === '.' || step === '..')) {
    const form = 'such as dir/**, *.ext or dir/file, relative to the repository';
    return refused('usage.invalid', `--protect ${JSON.stringify(glob)} is not a glob ${form}`);
  }
  return done(named);
}

/**
 * A path outside the repository that commands may read; its real path. Refuses `usage.invalid` for
 * a missing one, and for one that holds, or lies in, the folder of ledger and keys.
 */
export function readShared(path: string, home: string): Result<string> {
  if (!existsSync(path)) return refused('usage.invalid', `--share ${path}: there is nothing`);
  const real = realpathSync(path);
  const keys = existsSync(home) ? realpathSync(home) : resolve(home);
  if (isWithin(real, keys) || isWithin(keys, real)) {
    return refused('usage.invalid', `--share ${path} would show commands the ledger and its keys`);
  }
  return done(real);
}

/** A command that has to end with 0. Refuses `usage.invalid` for an empty one. */
export function readGate(command: string): Result<string> {
  return command.trim() === '' ? refused('usage.invalid', '--gate is empty') : done(command);
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === sep ? sep : folder + sep);
}

/** Ports that a host is granted with where none is named. */
const usualPorts = ['443', '80'];

/** The patterns of a writ that a host stands for. Refuses `usage.invalid`. */
export function readHost(text: string): Result<readonly string[]> {
  const read = readHostPattern('--allow-host', text);
  if (!read.ok) return read;
  const { host, port } = read.value;
  return done((port === undefined ? usualPorts : [port]).map((each) => `${host}:${each}`));
}
