import type { Digest, Signer } from '@chancery/kernel/encoding';
import { refused, type Result } from '@chancery/kernel/refusal';
import type { VerifierKey } from '@chancery/kernel/tree';
import {
  Witness,
  type Anchor,
  type AnchorSource,
  type AskedWitness,
  type WitnessOptions,
} from '@chancery/runtime/transparency';
import type { AnchorPlace } from '../evidence/anchor-place.ts';
import type { Home } from '../home.ts';
import { openClock } from './house.ts';

/** The anchor of a ledger at a place, as whoever compares reads it. */
export async function anchorSourceAt(place: AnchorPlace, ledger: Digest): Promise<AnchorSource> {
  if (place.type !== 'git') return plainAnchor(place);
  const { gitAnchorSource } = await import('@chancery/adapters/anchor-git');
  return gitAnchorSource({ repository: place.repository, branch: anchorBranch(ledger) });
}

/** The anchor of a ledger at a place; commits there are signed by `signer`. */
export async function anchorAt(
  place: AnchorPlace,
  ledger: Digest,
  signer: Signer,
): Promise<Anchor> {
  if (place.type !== 'git') return plainAnchor(place);
  const { gitAnchor } = await import('@chancery/adapters/anchor-git');
  const clock = await openClock(0);
  const { repository } = place;
  const nowMs = (): number => clock.nowMs();
  return gitAnchor({ repository, branch: anchorBranch(ledger), signer, nowMs });
}

async function plainAnchor(place: Exclude<AnchorPlace, { readonly type: 'git' }>): Promise<Anchor> {
  if (place.type === 'http') {
    const { httpAnchor } = await import('@chancery/adapters/anchor-http');
    return httpAnchor(place.url);
  }
  const { fileAnchor } = await import('@chancery/adapters/anchor-file');
  return fileAnchor(place.path);
}

/** Many ledgers can share a repository. */
const anchorBranch = (ledger: Digest): string => `chancery/anchor-${ledger.slice(0, 16)}`;

/** Witnesses, asked over HTTP. */
export async function witnessesOver(
  addresses: readonly { readonly base: string; readonly key: VerifierKey }[],
): Promise<readonly AskedWitness[]> {
  const { witnessOverHttp } = await import('@chancery/adapters/log-http');
  return addresses.map(({ base, key }) => witnessOverHttp(base, key));
}

export interface ServedWitness {
  readonly url: string;
  readonly key: VerifierKey;
  close(): Promise<void>;
}

/** One process at a time is the witness of a home. Refuses `ledger.busy`. */
export async function witnessLock(home: Home): Promise<Result<() => Promise<void>>> {
  const { folderLocks } = await import('@chancery/adapters/locks-folder');
  const lock = await folderLocks(home.locks).acquire('witness');
  if (lock.ok || lock.refusal.code !== 'run.driven') return lock;
  return refused('ledger.busy', `another process is the witness of ${home.folder}`);
}

/** Serves the witness of this home. Refuses `usage.invalid` where it cannot listen. */
export async function openWitness(
  home: Home,
  witnessed: Pick<WitnessOptions, 'name' | 'signer' | 'logs'>,
  address: { readonly host: string; readonly port: number },
  onFailure: (error: unknown) => void,
): Promise<ServedWitness> {
  const { serveWitness } = await import('@chancery/adapters/log-http');
  const { tilesFolder } = await import('@chancery/adapters/tiles-folder');
  const kept = tilesFolder(home.witnessed);
  const witness = new Witness({ ...witnessed, kept, clock: await openClock(0) });
  const served = await serveWitness({ witness, kept }, { ...address, onFailure });
  return { ...served, key: witness.key };
}
