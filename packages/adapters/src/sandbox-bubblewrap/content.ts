import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Something that can be handed to a child by a descriptor, each time from its beginning. */
export interface Content {
  /** The caller closes it. */
  open(): number;
}

/** A file of the machine, as it is when it is opened. */
export const fileContent = (path: string): Content => ({ open: () => openSync(path, 'r') });

/** Bytes in a file without a name, held for the life of the process; nothing is left behind. */
export function heldContent(bytes: Uint8Array): Content {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-sandbox-'));
  const path = join(folder, 'content');
  const holder = openSync(path, 'wx', 0o400);
  try {
    writeSync(holder, bytes);
    const held = openSync(path, 'r');
    // A new opening, since descriptors of one opening share one position.
    return { open: () => openSync(`/proc/self/fd/${held}`, 'r') };
  } finally {
    closeSync(holder);
    rmSync(folder, { recursive: true });
  }
}

/** Opens everything, lets `use` hand it on, and closes our own ends. */
export function withOpen<T>(contents: readonly Content[], use: (opened: number[]) => T): T {
  const opened: number[] = [];
  try {
    for (const content of contents) opened.push(content.open());
    return use(opened);
  } finally {
    opened.forEach((descriptor) => closeSync(descriptor));
  }
}
