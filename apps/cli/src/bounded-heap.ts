import { setFlagsFromString } from 'node:v8';

/** By how much, in percent of what is alive, the heap grows until all of it is collected; V8 lets it become several times as much. */
const growingPercent = 50;

/**
 * Keeps the heap near what is alive, for a command that goes through a whole ledger: it makes garbage all
 * the time, and none of it is needed for long. The space for new objects stays as large as it is, where it
 * doubles otherwise, up to 128 MiB, whenever much of it is in use at a collection: to be called before
 * the command is loaded, since loading fills it too.
 */
export function boundHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
}
