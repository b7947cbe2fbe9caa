/** What comes before the signal; undefined where nothing does. A resolver cannot be told to stop. */
export async function inTime<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  let end = (): void => undefined;
  const stopped = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
