import type { Readable } from 'node:stream';

/** What a stream has delivered so far. */
export interface Captured {
  readonly bytes: () => Uint8Array;
  readonly total: () => number;
}

/**
 * Reads a stream to its end, keeps the first `limit` bytes and counts the others, so that a writer
 * is never blocked and memory is bounded.
 */
export function capture(stream: Readable, limit: number): Captured {
  const kept: Buffer[] = [];
  let room = limit;
  let total = 0;
  stream.on('data', (chunk: Buffer) => {
    total += chunk.length;
    if (room === 0) return;
    // A copy when cut: a slice would hold the whole chunk in memory.
    const part = chunk.length <= room ? chunk : Buffer.from(chunk.subarray(0, room));
    kept.push(part);
    room -= part.length;
  });
  // A reset is an end like any other; how the process ended is told by the process.
  stream.on('error', () => stream.destroy());
  return { bytes: () => new Uint8Array(Buffer.concat(kept)), total: () => total };
}
