import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { systemCodeOf } from './exit.ts';

/** Many times what people write by hand. */
const mostBytes = 16 * 1024 * 1024;

type FileRead =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly stats: Stats }
  /** `code`: that of the system, where it has one. */
  | { readonly kind: 'none'; readonly why: string; readonly code?: string };

/**
 * All bytes of a file that somebody named: of a regular file alone, and no more than 16 MiB. A pipe or
 * a device in its place is not waited for, and what never ends is left there. A link is followed unless
 * `links` says otherwise.
 */
export function readNamedFile(file: string, { links = true } = {}): FileRead {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, O_RDONLY | O_NONBLOCK | (links ? 0 : O_NOFOLLOW));
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return { kind: 'none', why: 'is no regular file' };
    const bytes = boundedBytes(descriptor);
    if (bytes !== undefined) return { kind: 'bytes', bytes, stats };
    return { kind: 'none', why: `has more than ${mostBytes} bytes` };
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    return { kind: 'none', why: `cannot be read (${code})`, code };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Undefined for more than may be read, whatever the file says of its size. */
function boundedBytes(descriptor: number): Uint8Array | undefined {
  const chunks: Uint8Array[] = [];
  for (let total = 0; total <= mostBytes;) {
    const chunk = new Uint8Array(64 * 1024);
    const size = readSync(descriptor, chunk);
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, size));
    total += size;
  }
  return undefined;
}
