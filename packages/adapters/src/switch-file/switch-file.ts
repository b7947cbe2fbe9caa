import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { brokenSwitch, readSwitch, type Switched } from '@chancery/kernel/control';
import type { HostSwitch } from '@chancery/runtime/authority';

/** What is longer was not meant as a switch; it kills. */
const maxBytes = 16_384;

/** How often a watched file is looked at: one system call, where it is not there. */
const lookMs = 25;

/** The switch at this path; see the README. */
export function switchFile(path: string): HostSwitch {
  const read = (): Switched | undefined => readPath(path);
  return { read, watch: (changed) => watch(read, changed) };
}

/** By looking again and again: notices of the kernel are lost on network disks and under load. */
function watch(read: () => Switched | undefined, changed: () => void): () => void {
  let seen = JSON.stringify(read());
  const timer = setInterval(() => {
    const now = JSON.stringify(read());
    if (now === seen) return;
    seen = now;
    changed();
  }, lookMs);
  timer.unref();
  return () => clearInterval(timer);
}

function readPath(path: string): Switched | undefined {
  try {
    const text = textAt(path);
    return text === undefined ? undefined : readSwitch(text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    // Whatever hides a switch, or makes it no text, must not turn it off.
    if (code === undefined && !(error instanceof TypeError)) throw error;
    return brokenSwitch(code ?? 'it is no UTF-8');
  }
}

/**
 * The text of a file; undefined where there is nothing of that name.
 * @throws {Error} of the system; {TypeError} for bytes that are no text.
 */
function textAt(path: string): string | undefined {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  let file: number;
  try {
    // A pipe without a writer must not keep us.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    // Removed a moment ago, or a link to nothing.
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    throw error;
  }
  try {
    return textOf(file);
  } finally {
    closeSync(file);
  }
}

function textOf(file: number): string {
  const stats = fstatSync(file);
  if (!stats.isFile()) return notAFile;
  const bytes = Buffer.alloc(maxBytes + 1);
  const length = readSync(file, bytes, 0, bytes.length, 0);
  if (length > maxBytes) return notAFile;
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length));
}

/** Reads as a switch that cannot be read. */
const notAFile = 'neither a file nor short';
