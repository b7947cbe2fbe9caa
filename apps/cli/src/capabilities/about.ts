import { contractDigest } from '@chancery/kernel/contract';
import {
  contractOf,
  manifestDigest,
  undoName,
  type DeclaredManifest,
  type Manifest,
} from '@chancery/kernel/manifest';

/** What every line about a manifest tells. */
export function aboutOf(manifest: Manifest) {
  return {
    ...{ name: manifest.name, version: manifest.version },
    manifest: manifestDigest(manifest),
    contract: contractDigest(contractOf(manifest)),
  };
}

/** Name of the capability that takes it back; null where nothing does. */
export function undoIn({ name, compensate }: Manifest): string | null {
  return compensate === null ? null : undoName(name);
}

export function stateOf({ isOffered }: DeclaredManifest): 'declared' | 'retired' {
  return isOffered ? 'declared' : 'retired';
}
