/**
 * Where the tiles, bundles and the checkpoint of a log are kept, by their paths (C2SP tlog-tiles).
 * Both methods reject with a `RefusalError` `ledger.unreachable` for what the outside does wrong.
 */
export interface TileStore {
  /** Undefined for what is not there. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Whole or not at all; durable when it resolves. Replaces what is there. */
  write(path: string, bytes: Uint8Array): Promise<void>;
}
