import { once } from 'node:events';

/** Resolves when the process is asked to stop: from the moment of the call on, it is heard. */
export async function askedToStop(): Promise<void> {
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
}
