import { spawn } from 'node:child_process';

const OUTPUT_KEPT = 4_000;

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null, output: string }} Ended */

/**
 * Runs the program that was asked for, on this terminal. Signals that reach the launcher are passed
 * on, so that nothing outlives it. An interrupt typed on a terminal reaches every program there by
 * itself, so it is not sent twice.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Ended>} rejects when the program cannot be started
 */
export async function runInFront(program, args, env) {
  const child = spawn(program, args, { env, stdio: 'inherit' });
  const onTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  const stop = onSignals((signal) => {
    if (signal !== 'SIGINT' || !onTerminal) child.kill(signal);
  });
  return ended(child).finally(stop);
}

/**
 * Runs a step of the set-up, keeping the end of its output for the caller. A signal stops the step
 * and then the launcher itself.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<Ended>} rejects when the program cannot be started
 */
export async function runStep(program, args, { cwd, env = process.env } = {}) {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {NodeJS.Signals | undefined} */
  let received;
  const stop = onSignals((signal) => {
    received = signal;
    child.kill(signal);
  });
  const end = await ended(child).finally(stop);
  if (received) process.kill(process.pid, received);
  return end;
}

/**
 * Ends the launcher as its child ended: with the same exit code, or by the same signal.
 *
 * @param {Ended} end
 */
export function endAs({ code, signal }) {
  if (signal) process.kill(process.pid, signal);
  else process.exitCode = code === null ? 1 : code;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<Ended>}
 */
function ended(child) {
  let output = '';
  const keep = (/** @type {Buffer} */ chunk) => {
    output = (output + chunk.toString()).slice(-OUTPUT_KEPT);
  };
  if (child.stdout) child.stdout.on('data', keep);
  if (child.stderr) child.stderr.on('data', keep);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, output: output.trim() }));
  });
}

/** @param {(signal: NodeJS.Signals) => void} react */
function onSignals(react) {
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, react);
  return () => signals.forEach((signal) => process.removeListener(signal, react));
}
