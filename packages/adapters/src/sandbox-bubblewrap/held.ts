import { done, type Result } from '@chancery/kernel/refusal';
import type { SandboxCommand } from '@chancery/runtime/broker';
import { preparedInPlace } from './in-place.ts';
import { keptOf } from './kept.ts';
import { openedFolders, type Opened } from './opened.ts';
import { protect, type Protection } from './protection.ts';
import { socketsIn } from './sockets.ts';

/** What of its workspace is held for a command while it runs. */
export interface Held {
  readonly protection: Omit<Protection, 'release'>;
  /** Absolute paths that are writable although they lie in what is protected. */
  readonly inPlace: readonly string[];
  /** What the command made beside what is lifted, which is taken out with this; asked once. */
  readonly strayed: () => readonly string[];
  /** Takes out what is still there, and the mount points. */
  readonly release: () => void;
}

/** `tools`: paths of the workspace that are protected as well. Refuses as `protect` does. */
export function holdPlaces(command: SandboxCommand, tools: readonly string[]): Result<Held> {
  const { workspace, readable, lifted = [] } = command;
  const kept = keptOf(workspace, command);
  const sockets = socketsIn([workspace, ...readable]);
  const inPlace = preparedInPlace(workspace, kept.inPlace);
  const readOnly = ['.git', ...kept.readOnly, ...tools];
  const protection = protect(workspace, { readOnly, open: kept.open, sockets });
  if (!protection.ok) {
    inPlace.release();
    return protection;
  }
  let opened: Opened | undefined;
  const release = (): void => {
    try {
      opened?.close();
    } finally {
      protection.value.release();
      inPlace.release();
    }
  };
  try {
    opened = openedFolders(workspace, kept.open, lifted);
    const { writable } = inPlace;
    return done({
      ...{ protection: protection.value, inPlace: writable, strayed: opened.close, release },
    });
  } finally {
    if (opened === undefined) release();
  }
}
