import type { Json } from '../encoding/index.ts';

export interface Cell {
  /** Place of the operation that wrote it: unique in the world, so never met twice. */
  readonly version: number;
  readonly value: Json;
}

/** What the commits of a trajectory have made so far. */
export interface World {
  /** Number of operations applied; the next put gets `clock + 1`. */
  readonly clock: number;
  readonly cells: ReadonlyMap<string, Cell>;
}

/** One operation, compare-and-set: `expect` is the version that is there, 0 for an absent key. */
export type Operation =
  | { readonly op: 'put'; readonly key: string; readonly value: Json; readonly expect: number }
  | { readonly op: 'delete'; readonly key: string; readonly expect: number };

/** Applied in order, all or nothing. */
export type Delta = readonly Operation[];

/** Key under which the tree digest of the working tree stands. */
export const workspaceKey = 'workspace';

/** Key under which the tree digest of a savepoint stands. */
export const savepointKey = (name: string): string => `savepoint:${name}`;
