import { once } from 'node:events';
import { exitCodes } from '../exit.ts';
import type { Session } from '../session.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves when the process is asked to stop: from the moment of the call on, it is heard. */
export async function askedToStop(): Promise<void> {
  await Promise.race(signals.map((signal) => once(process, signal)));
}

/** Hears the first time that the process is asked to stop; the second ends it. Returns how to let be. */
export function onceAskedToStop(heard: () => void): () => void {
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) process.exit(exitCodes.stopped);
    stopping = true;
    heard();
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

/** Work that is better brought to its end than cut off: the first time it is asked to stop, it goes on. */
export async function broughtToItsEnd<T>(
  { terminal, json }: Session,
  work: () => Promise<T>,
): Promise<T> {
  const release = onceAskedToStop(() => {
    if (!json)
      terminal.note('your checkout is brought to its new state first; again to stop at once');
  });
  try {
    return await work();
  } finally {
    release();
  }
}
