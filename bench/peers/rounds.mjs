import { createInterface } from 'node:readline';

/** Workflows in flight, and the durable steps that each takes in a round. */
export const workflows = 64;
export const steps = 20;

const stopsWithinMs = 10_000;

/**
 * Says `{"ready":true}`, then runs a round for each line of standard input and prints how long it
 * took, `{"ms":…}`. The end of the input ends the program,
 * whatever it is doing.
 *
 * @param {() => Promise<unknown>} round
 * @param {() => Promise<unknown>} stop
 */
export async function serveRounds(round, stop) {
  process.stdin.once('end', () => setTimeout(() => process.exit(1), stopsWithinMs).unref());
  say({ ready: true });
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  while ((await lines.next()).done !== true) {
    const at = performance.now();
    await round();
    say({ ms: performance.now() - at });
  }
  await stop();
}

/**
 * Says `{"missing":"…"}`, which leaves the row of this peer out, and ends the program.
 *
 * @param {string} what
 */
export function endMissing(what) {
  say({ missing: what });
  process.exitCode = 1;
}

/** @param {object} line */
function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
