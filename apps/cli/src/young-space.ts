import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the space for new objects as large as it is, some 16 MiB once a command is loaded. It doubles
 * otherwise whenever much of it is in use at a collection, up to 128 MiB; what goes through a whole ledger
 * makes garbage all the time, and none of it is needed for long. For a command that does so, before
 * it does.
 */
export function boundYoungSpace(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
