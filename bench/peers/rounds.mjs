import { createInterface } from 'node:readline';

/** Workflows in flight, and the durable steps that each takes in a round. */
export const workflows = 64;
export const steps = 20;

/**
 * Says `{"ready":true}`, then runs a round for each line of standard input and prints how long it
 * took, `{"ms":…}`. The end of the input ends the program.
 *
 * @param {() => Promise<unknown>} round
 * @param {() => Promise<unknown>} stop
 */
export async function serveRounds(round, stop) {
  say({ ready: true });
  for await (const _line of createInterface({ input: process.stdin })) {
    const at = performance.now();
    await round();
    say({ ms: performance.now() - at });
  }
  await stop();
}

/** @param {object} line */
function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
