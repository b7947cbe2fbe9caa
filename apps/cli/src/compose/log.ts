import type { Result } from '@chancery/kernel/refusal';
import { readTrusted } from '@chancery/kernel/timestamp';
import type { Lease, TileStore, TimeAuthority } from '@chancery/runtime/transparency';
import { databaseUrl } from '../database.ts';
import { granted } from '../exit.ts';
import type { Home } from '../home.ts';
import { databaseOf } from './stores.ts';

/** Where the ledger's tree is kept. */
export async function tilesOf(home: Home): Promise<TileStore> {
  const { tilesFolder } = await import('@chancery/adapters/tiles-folder');
  return tilesFolder(home.tiles);
}

/** An authority of time, believed below the certificates in this PEM text. Refuses `usage.invalid`. */
export async function timeAuthorityOf(url: string, pem: string): Promise<Result<TimeAuthority>> {
  const { timeAuthority } = await import('@chancery/adapters/timestamp-rfc3161');
  const trusted = readTrusted(pem);
  return trusted.ok ? timeAuthority({ url, trusted: trusted.value }) : trusted;
}

export interface ServedTiles {
  readonly url: string;
  /** Whether only this machine can reach it. */
  readonly isPrivate: boolean;
  close(): Promise<void>;
}

/** Serves the tree of the ledger over HTTP. Refuses `usage.invalid` where it cannot listen. */
export async function serveTree(
  home: Home,
  address: { readonly host: string; readonly port: number },
  onFailure: (error: unknown) => void,
): Promise<ServedTiles> {
  const { isLoopback, serveTiles } = await import('@chancery/adapters/log-http');
  const served = await serveTiles(await tilesOf(home), { ...address, onFailure });
  return { ...served, isPrivate: isLoopback(address.host) };
}

/**
 * The right to let the tree of the ledger grow and to sign its head. One process has it, of all that
 * use the database where the ledger is in one. Each home keeps tiles of its own all the same.
 */
export async function treeLease(home: Home): Promise<Lease> {
  const ledger = databaseOf(home);
  if (ledger !== undefined) {
    const { postgresTreeLease } = await import('@chancery/adapters/store-postgres');
    return postgresTreeLease({ url: granted(databaseUrl(home)), ledger });
  }
  const locks = await import('@chancery/adapters/locks-folder');
  return locks.treeLease(home.locks);
}
