/** A shell that hears no signal that can be ignored, and waits. */
const deaf = 'trap "" TERM HUP INT QUIT; while :; do sleep 600; done';

/** How many processes of a stubborn line wait once all of it is up. */
export const stubbornSleepers = 3;

/**
 * A command line that nothing but SIGKILL ends: it ignores signals, has a child in a session of its
 * own, and another that was forked twice, so that its parent is gone.
 */
export function stubbornLine(): string {
  return [`(setsid sh -c '${deaf}' & )`, `setsid sh -c '${deaf}' &`, deaf].join('\n');
}
