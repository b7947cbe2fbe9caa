import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { done, refused, type Result } from '@chancery/kernel/refusal';

/**
 * Real path of a folder, relative to the workspace (`.` for itself, slash-separated).
 * Refuses `args.escapes` when it leads outside, `args.invalid` when it is no folder.
 */
export async function resolveFolder(root: string, cwd: string): Promise<Result<string>> {
  if (isAbsolute(cwd)) return refused('args.escapes', 'cwd is not relative to the workspace');
  try {
    const real = await realpath(join(root, cwd));
    if (real !== root && !real.startsWith(root + sep)) {
      return refused('args.escapes', 'cwd leads out of the workspace');
    }
    if (!(await stat(real)).isDirectory()) return refused('args.invalid', 'cwd is not a folder');
    const inside = relative(root, real).split(sep).join('/');
    return done(inside === '' ? '.' : inside);
  } catch (error) {
    if (!isPathError(error)) throw error;
    return refused('args.invalid', `cwd cannot be entered: ${String(error.code)}`);
  }
}

const pathErrors = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG'];

const isPathError = (error: unknown): error is Error & { readonly code: unknown } =>
  error instanceof Error && 'code' in error && pathErrors.includes(String(error.code));
