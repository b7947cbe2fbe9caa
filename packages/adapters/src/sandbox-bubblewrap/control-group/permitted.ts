/** What the system permits; undefined where it does not. @throws what is no error of the system. */
export function ifPermitted<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return undefined;
    throw error;
  }
}
