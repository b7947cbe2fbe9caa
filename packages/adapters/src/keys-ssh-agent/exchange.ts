import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { done, refused, type Result } from '@chancery/kernel/refusal';
import { sshString } from './wire.ts';

/** A person may have to touch a token, or to confirm in a window. */
const patienceMs = 120_000;

/**
 * Sends a message to the agent and waits for its answer, without the length in front. Signing is
 * synchronous everywhere, and a socket is not: a process of its own talks to the agent.
 * Refuses `key.missing` where no agent answers.
 */
export function exchange(socket: string, message: Uint8Array): Result<Uint8Array> {
  const program = fileURLToPath(new URL('exchange-program.ts', import.meta.url));
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [program, socket], {
    input: sshString(message),
    env: {},
    timeout: patienceMs,
    killSignal: 'SIGKILL',
  });
  if (error !== undefined) return silent(error.message);
  if (status !== 0) return silent(stderr.toString());
  const size = stdout.length < 4 ? -1 : stdout.readUInt32BE();
  if (stdout.length !== size + 4) return silent('its answer is cut short');
  return done(stdout.subarray(4));
}

function silent(why: string): Result<never> {
  return refused('key.missing', `the SSH agent does not answer: ${why.trim()}`, {
    remedy: 'Start it and set SSH_AUTH_SOCK, or name a key file.',
  });
}
