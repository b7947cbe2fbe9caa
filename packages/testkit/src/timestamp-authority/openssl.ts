import { execFileSync, spawnSync } from 'node:child_process';

/** Why the program cannot be used; undefined where it can. */
export const opensslMissing: string | undefined =
  spawnSync('openssl', ['version']).status === 0 ? undefined : 'openssl is not installed';

/** Runs the program; what it says is in the error where it fails. */
export function openssl(folder: string, args: readonly string[], input?: Uint8Array): Buffer {
  return execFileSync('openssl', [...args], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
  });
}
