/** A failure the user can act on: what happened, under a stable code, and what to do about it. */
export class SetupError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {string} remedy
   */
  constructor(code, message, remedy) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}

/**
 * Standard output belongs to the program that is started, so the launcher speaks on standard error.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`setup: ${line}\n`);
}

/**
 * Announces a step before it runs and ends the line with the time it took.
 *
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(label, work) {
  process.stderr.write(`setup: ${label} … `);
  const startedMs = Date.now();
  let end = 'failed';
  try {
    const result = await work();
    end = `${((Date.now() - startedMs) / 1000).toFixed(1)} s`;
    return result;
  } finally {
    process.stderr.write(`${end}\n`);
  }
}

/**
 * The system's code of a failed call (`EACCES`, `ENOENT`), or '' for any other failure.
 *
 * @param {unknown} cause
 * @returns {string}
 */
export function systemCode(cause) {
  if (!(cause instanceof Error)) return '';
  const { code } = /** @type {NodeJS.ErrnoException} */ (cause);
  return typeof code === 'string' ? code : '';
}
